using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Server.Hosting;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Credentials;

/// <summary>The next secret of a credential, of the same type; it gets the next version number and the old one is gone.</summary>
public sealed record ReplaceSecretRequest(SecretInput Secret);

internal static class ReplaceSecret
{
    public static async Task<Reply<CredentialResponse>> Handle(
        Guid id, ReplaceSecretRequest request, OrganizationCaller caller, HttpContext context,
        Database database, InstallationOptions installation, KeyVault vault, AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        var cipher = await vault.For(caller.Organization, cancel);
        var result = await database.As(caller).Attempt(transaction => Apply(transaction, id, request.Secret, installation.Profile, caller, cipher, audit, clock.GetUtcNow(), cancel), cancel);
        if (result.Succeeded)
            EntityTag.Show(context, result.Value.Version);
        return result;
    }

    private static async Task<Result<CredentialResponse>> Apply(
        Transaction transaction, Guid id, SecretInput secret, Profile profile, OrganizationCaller caller, OrganizationCipher cipher, AuditLog audit, DateTimeOffset now, CancellationToken cancel)
    {
        var row = await transaction.QueryOptional<CredentialRow>($"""
            select {CredentialRow.Columns} from credentials where organization_id = {caller.Organization} and id = {id} for update
            """, cancel);
        if (row is null)
            return CredentialErrors.NotFound;
        var checks = new Checks();
        secret.Check(checks, row.Type, profile);
        if (checks.Error() is { } invalid)
            return invalid;
        var next = row with { SecretVersion = row.SecretVersion + 1, Version = row.Version + 1, UpdatedAt = now };
        await transaction.Execute($"""
            update credentials
            set secret = {CreateCredential.Seal(cipher, id, secret.ToSecret(row.Type))}, secret_version = {next.SecretVersion}, version = {next.Version}, updated_at = {now}
            where organization_id = {caller.Organization} and id = {id}
            """, cancel);
        // What the old secret was given is not to be used any more.
        await transaction.Execute($"delete from connector_tokens where organization_id = {caller.Organization} and credential_id = {id}", cancel);
        // Another secret may be of another server, of which no failure is known.
        await transaction.Execute($"delete from credential_breakers where organization_id = {caller.Organization} and credential_id = {id}", cancel);
        await audit.Append(transaction, caller.Organization, new AuditEntry("credential.secret_replaced", "update", caller.Actor, new AuditResource("credential", id, row.Name))
        {
            Before = JsonConventions.Object(new { row.SecretVersion }),
            After = JsonConventions.Object(new { next.SecretVersion }),
        }, cancel);
        return next.ToResponse();
    }
}
