using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.ApiKeys;

/// <summary>A key's row as it is written; the key itself is in it as a keyed hash.</summary>
internal sealed record NewApiKey(Guid Id, string Name, string Prefix, byte[] Hash, string[] Scopes, UserId? CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <summary>Writes new keys, for the API and for the configuration's bootstrap.</summary>
internal sealed class ApiKeyIssuer(KeyVault vault, AuditLog audit, TimeProvider clock)
{
    /// <summary>The generation of the pepper that hashes are made with; a new pepper is a new number.</summary>
    private const int PepperVersion = 1;

    /// <summary>Prepares the row outside any transaction, since the pepper may have to be read first.</summary>
    public async Task<NewApiKey> Prepare(string key, string name, IEnumerable<string> scopes, UserId? createdBy, DateTimeOffset expiresAt, CancellationToken cancel)
    {
        var pepper = await vault.InstallationSecret(InstallationSecret.ApiKeyPepper, cancel);
        return new NewApiKey(
            Uuid.New(clock), name, ApiKeyText.Prefix(key), ApiKeyText.Hash(key, pepper),
            [.. scopes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], createdBy, clock.GetUtcNow(), expiresAt);
    }

    public async Task Insert(Transaction transaction, OrganizationId organization, NewApiKey key, Actor actor, CancellationToken cancel)
    {
        await transaction.Execute($"""
            insert into api_keys (organization_id, id, name, prefix, key_hash, pepper_version, scopes, created_by, created_at, expires_at)
            values ({organization}, {key.Id}, {key.Name}, {key.Prefix}, {key.Hash}, {PepperVersion}, {key.Scopes}, {key.CreatedBy}, {key.CreatedAt}, {key.ExpiresAt})
            """, cancel);
        await audit.Append(transaction, organization, new AuditEntry("api_key.created", "create", actor, new AuditResource("api_key", key.Id, key.Name))
        {
            Details = JsonConventions.Object(new { key.Prefix, key.Scopes, key.ExpiresAt }),
        }, cancel);
    }
}
