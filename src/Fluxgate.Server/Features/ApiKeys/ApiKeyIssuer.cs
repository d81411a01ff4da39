using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.ApiKeys;

/// <summary>What a new key is for.</summary>
internal sealed record KeyContent(string Name, IReadOnlyList<string> Scopes, UserId? CreatedBy, DateTimeOffset ExpiresAt)
{
    public IReadOnlyList<string> Networks { get; init; } = [];

    public UserId? Owner { get; init; }

    public Guid? ServiceAccount { get; init; }

    public Guid? RotatedFrom { get; init; }
}

/// <summary>A key's row as it is written; the key itself is in it as a keyed hash.</summary>
internal sealed record NewApiKey(Guid Id, string Prefix, byte[] Hash, int PepperVersion, string[] Scopes, DateTimeOffset CreatedAt, KeyContent Content);

/// <summary>Writes new keys, for the API and for the configuration's bootstrap.</summary>
internal sealed class ApiKeyIssuer(KeyVault vault, AuditLog audit, TimeProvider clock)
{
    /// <summary>Prepares the row outside any transaction, since the pepper may have to be read first.</summary>
    public async Task<NewApiKey> Prepare(string key, KeyContent content, CancellationToken cancel)
    {
        var (version, pepper) = await vault.InstallationSecret(InstallationSecret.ApiKeyPepper, cancel);
        return new NewApiKey(
            Uuid.New(clock), ApiKeyText.Prefix(key), ApiKeyText.Hash(key, pepper), version,
            [.. content.Scopes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], clock.GetUtcNow(), content);
    }

    public async Task Insert(Transaction transaction, OrganizationId organization, NewApiKey key, string auditType, Actor actor, CancellationToken cancel)
    {
        var content = key.Content;
        await transaction.Execute($"""
            insert into api_keys (organization_id, id, name, prefix, key_hash, pepper_version, scopes, created_by, created_at, expires_at, networks, owner_id, service_account_id, rotated_from)
            values ({organization}, {key.Id}, {content.Name}, {key.Prefix}, {key.Hash}, {key.PepperVersion}, {key.Scopes}, {content.CreatedBy}, {key.CreatedAt}, {content.ExpiresAt},
                    {content.Networks.ToArray()}, {content.Owner}, {content.ServiceAccount}, {content.RotatedFrom})
            """, cancel);
        await audit.Append(transaction, organization, new AuditEntry(auditType, "create", actor, new AuditResource("api_key", key.Id, content.Name))
        {
            Details = JsonConventions.Object(new { key.Prefix, key.Scopes, content.ExpiresAt, content.Networks, content.Owner, content.ServiceAccount, content.RotatedFrom }),
        }, cancel);
    }
}
