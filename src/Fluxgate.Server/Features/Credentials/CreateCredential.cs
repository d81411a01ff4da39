using System.Security.Cryptography;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Engine.Connections;
using Fluxgate.Server.Hosting;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Credentials;

/// <summary>A new credential; <paramref name="AllowedHosts"/> are the only hosts that its secret may be sent to.</summary>
public sealed record CreateCredentialRequest(string Name, CredentialType Type, string[] AllowedHosts, SecretInput Secret, string Description = "");

internal static class CreateCredential
{
    public static async Task<Created<CredentialResponse>> Handle(
        CreateCredentialRequest request, OrganizationCaller caller, HttpContext context, Database database, InstallationOptions installation, KeyVault vault, AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        var checks = new Checks()
            .That(CredentialChecks.IsName(request.Name), "/name", "name", "1–63 of a–z, 0–9, _ and -, beginning with a letter.")
            .Text(request.Description, "/description", 0, 1000)
            .Hosts(request.AllowedHosts);
        request.Secret.Check(checks, request.Type, installation.Profile);
        // A server is named twice, by the secret and by where that may go: a credential that goes nowhere is a mistake.
        checks.That(request.Secret is not { Host: { } host, Port: { } port } || ConnectionCatalog.Parse(request.AllowedHosts).Any(h => h.Allows(host, port)),
            "/allowed_hosts", "host", "The secret's own host is not among these.");
        if (checks.Error() is { } invalid)
            return invalid;

        var now = clock.GetUtcNow();
        var row = new CredentialRow(
            Uuid.New(clock), request.Name, request.Description, request.Type, CredentialChecks.Normalise(request.AllowedHosts), 1, 1, caller.User, now, now);
        var cipher = await vault.For(caller.Organization, cancel);
        var sealedSecret = Seal(cipher, row.Id, request.Secret.ToSecret(request.Type));
        var inserted = await database.As(caller).Transact(async transaction =>
        {
            var rows = await transaction.Execute($"""
                insert into credentials (organization_id, id, name, description, type, allowed_hosts, secret, secret_version, version, created_by, created_at, updated_at)
                values ({caller.Organization}, {row.Id}, {row.Name}, {row.Description}, {row.Type}, {row.AllowedHosts}, {sealedSecret}, 1, 1, {caller.User}, {now}, {now})
                on conflict (organization_id, name) do nothing
                """, cancel);
            if (rows > 0)
                await audit.Append(transaction, caller.Organization, new AuditEntry("credential.created", "create", caller.Actor, new AuditResource("credential", row.Id, row.Name))
                {
                    After = JsonConventions.Object(new { row.Type, row.AllowedHosts, row.Description }),
                }, cancel);
            return rows > 0;
        }, cancel);
        if (!inserted)
            return CredentialErrors.NameTaken;
        EntityTag.Show(context, row.Version);
        return Created<CredentialResponse>.At(row.Id, row.ToResponse());
    }

    public static byte[] Seal(OrganizationCipher cipher, Guid id, CredentialSecret secret)
    {
        var plaintext = secret.ToBytes();
        try
        {
            return cipher.Seal(SealedField.CredentialSecret, id, plaintext);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }
}
