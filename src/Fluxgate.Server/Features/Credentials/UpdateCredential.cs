using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Server.Hosting;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Credentials;

/// <summary>Description and hosts. A host that was not allowed before needs <paramref name="Secret"/> to be entered again.</summary>
public sealed record UpdateCredentialRequest(string Description, string[] AllowedHosts, SecretInput? Secret = null);

internal static class UpdateCredential
{
    public static async Task<Reply<CredentialResponse>> Handle(
        Guid id, UpdateCredentialRequest request, OrganizationCaller caller, HttpContext context,
        Database database, InstallationOptions installation, KeyVault vault, AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        var version = EntityTag.Required(context);
        if (version.Error is { } missing)
            return missing;
        var checks = new Checks().Text(request.Description, "/description", 0, 1000).Hosts(request.AllowedHosts);
        if (checks.Error() is { } invalid)
            return invalid;
        var change = new Change(id, version.Value, request, CredentialChecks.Normalise(request.AllowedHosts), installation.Profile, clock.GetUtcNow());
        var cipher = await vault.For(caller.Organization, cancel);
        var result = await database.As(caller).Attempt(transaction => Apply(transaction, change, caller, cipher, audit, cancel), cancel);
        if (result.Succeeded)
            EntityTag.Show(context, result.Value.Version);
        return result;
    }

    private sealed record Change(Guid Id, int Version, UpdateCredentialRequest Request, string[] Hosts, Profile Profile, DateTimeOffset Now);

    private static async Task<Result<CredentialResponse>> Apply(
        Transaction transaction, Change change, OrganizationCaller caller, OrganizationCipher cipher, AuditLog audit, CancellationToken cancel)
    {
        // Locked: a concurrent narrowing must not be judged by what it replaces.
        var row = await transaction.QueryOptional<CredentialRow>($"""
            select {CredentialRow.Columns} from credentials where organization_id = {caller.Organization} and id = {change.Id} for update
            """, cancel);
        if (row is null)
            return CredentialErrors.NotFound;
        if (row.Version != change.Version)
            return EntityTag.Stale;
        byte[]? sealedSecret = null;
        if (change.Request.Secret is { } secret)
        {
            var checks = new Checks();
            secret.Check(checks, row.Type, change.Profile);
            if (checks.Error() is { } invalid)
                return invalid;
            sealedSecret = CreateCredential.Seal(cipher, row.Id, secret.ToSecret(row.Type));
        }
        else if (CredentialChecks.Widens(row.AllowedHosts, change.Hosts))
        {
            return CredentialErrors.SecretRequired;
        }
        var next = row with
        {
            Description = change.Request.Description,
            AllowedHosts = change.Hosts,
            SecretVersion = row.SecretVersion + (sealedSecret is null ? 0 : 1),
            Version = row.Version + 1,
            UpdatedAt = change.Now,
        };
        await transaction.Execute($"""
            update credentials
            set description = {next.Description}, allowed_hosts = {next.AllowedHosts}, secret = coalesce({sealedSecret}, secret),
                secret_version = {next.SecretVersion}, version = {next.Version}, updated_at = {next.UpdatedAt}
            where organization_id = {caller.Organization} and id = {row.Id}
            """, cancel);
        if (sealedSecret is not null)
            await transaction.Execute($"delete from connector_tokens where organization_id = {caller.Organization} and credential_id = {row.Id}", cancel);
        // Another secret may be of another server, of which no failure is known.
        await transaction.Execute($"delete from credential_breakers where organization_id = {caller.Organization} and credential_id = {row.Id}", cancel);
        await audit.Append(transaction, caller.Organization, new AuditEntry("credential.updated", "update", caller.Actor, new AuditResource("credential", row.Id, row.Name))
        {
            Before = JsonConventions.Object(new { row.AllowedHosts, row.Description, row.SecretVersion }),
            After = JsonConventions.Object(new { next.AllowedHosts, next.Description, next.SecretVersion }),
        }, cancel);
        return next.ToResponse();
    }
}
