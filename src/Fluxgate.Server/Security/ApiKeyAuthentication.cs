using System.Security.Cryptography;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;

namespace Fluxgate.Server.Security;

/// <summary>Authenticates programs by <c>Authorization: Bearer</c> or <c>X-API-Key</c>.</summary>
internal sealed class ApiKeyAuthentication(Database database, KeyVault vault, CrossTenantLog crossTenant, TimeProvider clock)
{
    public const string Header = "X-API-Key";

    private static readonly TimeSpan UseIsWrittenAfter = TimeSpan.FromMinutes(1);

    private sealed record KeyRow(
        OrganizationId OrganizationId, string Slug, Guid Id, string Prefix, byte[] KeyHash, string[] Scopes,
        DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt);

    /// <summary>One answer for malformed, unknown, revoked and expired keys.</summary>
    private static readonly Error Invalid = new("key.invalid", ErrorKind.Unauthenticated, "The API key is unknown, revoked or expired.");

    /// <summary>Says nothing about whether the named organization exists: it is not looked up.</summary>
    private static readonly Error WrongOrganization = new("key.wrong_organization", ErrorKind.Forbidden, "This API key belongs to another organization than the route names.");

    /// <summary>What the request presents as a key, be it one or not; null if it presents none.</summary>
    public static string? Presented(HttpRequest request)
    {
        const string bearer = "Bearer ";
        var own = request.Headers[Header];
        var authorization = request.Headers.Authorization.ToString();
        var fromAuthorization = authorization.StartsWith(bearer, StringComparison.OrdinalIgnoreCase) ? authorization[bearer.Length..].Trim() : null;
        if (own.Count == 0)
            return fromAuthorization;
        // Two different keys in one request are nobody's key: no part of the chain may choose the one that suits it.
        return fromAuthorization is null || fromAuthorization == own.ToString() ? own.ToString() : "";
    }

    /// <summary>
    /// The caller that the key stands for; <paramref name="route"/> may only name the key's own organization.
    /// <paramref name="isUse"/>: whether this is a request of its own, to be noted.
    /// </summary>
    public async Task<Result<OrganizationCaller>> Authenticate(HttpContext context, string presented, OrganizationRoute? route, bool isUse)
    {
        if (!ApiKeyText.IsWellFormed(presented))
            return Invalid;
        var cancel = context.RequestAborted;
        var now = clock.GetUtcNow();
        var pepper = await vault.InstallationSecret(InstallationSecret.ApiKeyPepper, cancel);
        var row = await database.Platform.QueryOptional<KeyRow>($"""
            select k.organization_id, o.slug, k.id, k.prefix, k.key_hash, k.scopes, k.expires_at, k.revoked_at, k.last_used_at
            from api_keys k join organizations o on o.id = k.organization_id
            where k.prefix = {ApiKeyText.Prefix(presented)}
            """, cancel);
        var matches = CryptographicOperations.FixedTimeEquals(ApiKeyText.Hash(presented, pepper), row?.KeyHash ?? new byte[32]);
        if (row is null || !matches || row.RevokedAt is not null || row.ExpiresAt <= now)
            return Invalid;
        var network = context.Connection.RemoteIpAddress?.ToString();
        var actor = new Actor(ActorKind.ApiKey, row.Id, row.Prefix) { Network = network };
        if (route is not null && route.Name != row.Slug && route.Name != row.OrganizationId.ToString())
        {
            if (isUse)
                crossTenant.Note(actor, row.OrganizationId, route);
            return WrongOrganization;
        }

        if (isUse && (row.LastUsedAt is null || now - row.LastUsedAt >= UseIsWrittenAfter))
            await NoteUse(row, now, network, cancel);
        var permissions = Permissions.All.Where(p => row.Scopes.Contains(p.Name, StringComparer.Ordinal)).ToHashSet();
        return new OrganizationCaller(row.OrganizationId, null, actor, [], permissions) { ApiKey = row.Id };
    }

    /// <summary>At most once a minute a key, whatever it is used for: the condition holds for nodes and requests that race.</summary>
    private Task<int> NoteUse(KeyRow row, DateTimeOffset now, string? network, CancellationToken cancel) => database.Platform.Execute($"""
        update api_keys set last_used_at = {now}, last_used_network = {network}
        where organization_id = {row.OrganizationId} and id = {row.Id} and (last_used_at is null or last_used_at <= {now - UseIsWrittenAfter})
        """, cancel);
}
