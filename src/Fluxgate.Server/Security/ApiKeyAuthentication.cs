using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Signatures;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Server.Features.ApiKeys;
using Fluxgate.Server.Features.SigningKeys;
using Fluxgate.Server.Hosting;
using Fluxgate.Server.Security.RequestLog;
using Fluxgate.Server.Security.Signatures;

namespace Fluxgate.Server.Security;

/// <summary>A key by what may be said of it.</summary>
internal sealed record IdentifiedKey(OrganizationId Organization, Guid Id, string Name, string Prefix);

/// <summary>Authenticates programs by <c>Authorization: Bearer</c> or <c>X-API-Key</c>.</summary>
internal sealed class ApiKeyAuthentication(
    Database database, KeyVault vault, DenialLog denials, AuditLog audit, RequestSignature signatures, ApiKeyOptions options, SignatureOptions signing, InstallationOptions installation, TimeProvider clock)
{
    public const string Header = "X-API-Key";

    private static readonly TimeSpan UseIsWrittenAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RemindedEvery = TimeSpan.FromDays(1);

    private readonly BriefMemory<(string Prefix, string? SigningKey), KeyRow> known = new(clock);

    private sealed record KeyRow(
        OrganizationId OrganizationId, string Slug, Guid Id, string Name, string Prefix, byte[] KeyHash, int PepperVersion, string[] Scopes, string[] Networks,
        DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset? SuspendedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RemindedAt, bool HasRestrictions,
        Guid? ServiceAccountId, DateTimeOffset? DisabledAt, string[]? Roles, string[] OwnPermissions,
        bool SignatureRequired, SignaturesRequired? OrganizationRequires, Guid? SigningKeyId, SigningAlgorithm? Algorithm, byte[]? Secret, byte[]? PublicKey)
    {
        private int noted;

        /// <summary>For the first of the requests that share what was read.</summary>
        public bool IsToBeNoted() => Interlocked.Exchange(ref noted, 1) == 0;

        public bool AsksToSign(HttpRequest request) => SignatureRequired || OrganizationRequires switch
        {
            SignaturesRequired.All => true,
            SignaturesRequired.Changes => !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method),
            _ => false,
        };
    }

    /// <summary>One answer for malformed, unknown, revoked and expired keys.</summary>
    private static readonly Error Invalid = new("key.invalid", ErrorKind.Unauthenticated, "The API key is unknown, revoked or expired.");

    /// <summary>Says nothing about whether the named organization exists: it is not looked up.</summary>
    private static readonly Error WrongOrganization = new("key.wrong_organization", ErrorKind.Forbidden, "This API key belongs to another organization than the route names.");

    // Whoever hears one of these holds the key, and has to know what to mend.
    private static readonly Error Suspended = new("key.suspended", ErrorKind.Forbidden, "This API key, or the service account that it belongs to, is suspended; an administrator can restore it.");
    private static readonly Error WrongNetwork = new("key.network", ErrorKind.Forbidden, "This API key is not taken from this network.");
    private static readonly Error TooOld = new("key.too_old", ErrorKind.Forbidden, "This API key is older than this installation allows; rotate it.");

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
        if (!ApiKeyText.IsWellFormed(presented) || (ApiKeyText.IsForTests(presented) && installation.Profile == Profile.Production))
            return Invalid;
        var cancel = context.RequestAborted;
        var now = clock.GetUtcNow();
        var signature = isUse ? RequestSignature.Presented(context.Request) : null;
        if (await Find(presented, signature is { Error: null } named ? named.Value.KeyId : null, anew: !isUse, cancel) is not { } row)
            return Invalid;
        context.Features.Set(new RequestIdentity(row.OrganizationId, row.Id, null));
        if (row.RevokedAt is not null || row.ExpiresAt <= now)
            return Invalid;
        var network = context.Connection.RemoteIpAddress;
        var actor = new Actor(ActorKind.ApiKey, row.Id, row.Prefix) { Network = network?.ToString() };
        if (Refusal(row, network, now) is { } refused)
        {
            if (isUse)
                denials.Note(actor, row.OrganizationId, "api_key.refused", new AuditResource("api_key", row.Id, row.Name), refused.Code);
            return refused;
        }
        // Once for a request: checked again it would be a replay.
        if (isUse && await SignatureRefusal(context, row, signature) is { } unsigned)
        {
            denials.Note(actor, row.OrganizationId, "signature.refused", new AuditResource("api_key", row.Id, row.Name), unsigned.Code);
            return unsigned;
        }
        if (route is not null && route.Name != row.Slug && route.Name != row.OrganizationId.ToString())
        {
            if (isUse)
                denials.NoteCrossTenant(actor, row.OrganizationId, route);
            return WrongOrganization;
        }

        if (isUse && (row.LastUsedAt is null || now - row.LastUsedAt >= UseIsWrittenAfter) && row.IsToBeNoted())
            await NoteUse(row, presented, actor, now, cancel);
        var permissions = Permissions.Named(row.Scopes).ToHashSet();
        if (row.Roles is { } roles)
            permissions.IntersectWith(BuiltInRoles.PermissionsOf(roles, row.OwnPermissions));
        return new OrganizationCaller(row.OrganizationId, null, actor, [], permissions) { ApiKey = row.Id, ServiceAccount = row.ServiceAccountId, HasRestrictions = row.HasRestrictions };
    }

    /// <summary>Whose key this is, good or not; null for one that never was.</summary>
    public async Task<IdentifiedKey?> Identify(string presented, CancellationToken cancel) =>
        ApiKeyText.IsWellFormed(presented) && await Find(presented, null, anew: true, cancel) is { } row ? new IdentifiedKey(row.OrganizationId, row.Id, row.Name, row.Prefix) : null;

    /// <summary>A request of this node has changed something; keys, roles or policies may be others now.</summary>
    public void Forget() => known.Forget();

    /// <summary>
    /// The key's row, if the whole key is right: the comparison is made for unknown ones too, and takes the same time for
    /// all. <paramref name="anew"/>: what was read half a second ago does not do.
    /// </summary>
    private async Task<KeyRow?> Find(string presented, string? signingKey, bool anew, CancellationToken cancel)
    {
        var key = (ApiKeyText.Prefix(presented), signingKey);
        var row = await (anew ? Read(key) : known.Get(key, Read).AsTask()).WaitAsync(cancel);
        var pepper = row is null
            ? (await vault.InstallationSecret(InstallationSecret.ApiKeyPepper, cancel)).Secret
            : await vault.InstallationSecret(InstallationSecret.ApiKeyPepper, row.PepperVersion, cancel);
        var matches = pepper is not null & CryptographicOperations.FixedTimeEquals(ApiKeyText.Hash(presented, pepper ?? new byte[32]), row?.KeyHash ?? new byte[32]);
        return matches ? row : null;
    }

    private Task<KeyRow?> Read((string Prefix, string? SigningKey) key) => database.Platform.QueryOptional<KeyRow>($"""
        select k.organization_id, o.slug, k.id, k.name, k.prefix, k.key_hash, k.pepper_version, k.scopes, k.networks,
               k.created_at, k.expires_at, k.revoked_at, k.suspended_at, k.last_used_at, k.reminded_at,
               exists (select from restrictions x where x.organization_id = k.organization_id) as has_restrictions,
               k.service_account_id, s.disabled_at, s.roles,
               array(select distinct unnest(r.permissions) from roles r where r.organization_id = s.organization_id and r.name = any (s.roles)) as own_permissions,
               k.signature_required, p.required as organization_requires, g.id as signing_key_id, g.algorithm, g.secret, g.public_key
        from api_keys k
        join organizations o on o.id = k.organization_id
        left join service_accounts s on s.organization_id = k.organization_id and s.id = k.service_account_id
        left join signing_policies p on p.organization_id = k.organization_id
        left join signing_keys g on g.organization_id = k.organization_id and g.api_key_id = k.id and g.key_id = {key.SigningKey}
        where k.prefix = {key.Prefix}
        """, CancellationToken.None);

    private Error? Refusal(KeyRow row, System.Net.IPAddress? network, DateTimeOffset now)
    {
        if (row.SuspendedAt is not null || row.DisabledAt is not null)
            return Suspended;
        if (!NetworkList.Allows(row.Networks, network))
            return WrongNetwork;
        return options.RefuseAged && IsAged(row, now) ? TooOld : null;
    }

    private async Task<Error?> SignatureRefusal(HttpContext context, KeyRow row, Result<MessageSignature>? presented)
    {
        if (presented is { } signature)
            return signature.Error ?? await signatures.Refusal(context, row.OrganizationId, row.Id, signature.Value, await VerificationKey(row, context.RequestAborted));
        if (signing.AreOptional || !row.AsksToSign(context.Request))
            return null;
        context.Response.Headers["Accept-Signature"] = RequestSignature.Accepted;
        return RequestSignature.Missing;
    }

    private async Task<VerificationKey?> VerificationKey(KeyRow row, CancellationToken cancel) => row switch
    {
        { PublicKey: { } key } => new VerificationKey(SigningAlgorithm.Ed25519, key),
        { Secret: { } secret, SigningKeyId: { } id } => new VerificationKey(
            SigningAlgorithm.HmacSha256, (await vault.For(row.OrganizationId, cancel)).Open(SealedField.RequestSigningSecret, id, secret)),
        _ => null,
    };

    private bool IsAged(KeyRow row, DateTimeOffset now) => now - row.CreatedAt >= TimeSpan.FromDays(options.MaxAgeDays);

    /// <summary>
    /// At most once a minute a key, whatever it is used for: the condition holds for nodes and requests that race. With it
    /// the hash moves on to the active pepper, and once a day a key that is too old is called that in the audit.
    /// </summary>
    private async Task NoteUse(KeyRow row, string presented, Actor actor, DateTimeOffset now, CancellationToken cancel)
    {
        await database.Platform.Execute($"""
            update api_keys set last_used_at = {now}, last_used_network = {actor.Network}
            where organization_id = {row.OrganizationId} and id = {row.Id} and (last_used_at is null or last_used_at <= {now - UseIsWrittenAfter})
            """, cancel);
        var (version, pepper) = await vault.InstallationSecret(InstallationSecret.ApiKeyPepper, cancel);
        if (version > row.PepperVersion)
            await database.Platform.Execute($"""
                update api_keys set key_hash = {ApiKeyText.Hash(presented, pepper)}, pepper_version = {version}
                where organization_id = {row.OrganizationId} and id = {row.Id} and pepper_version = {row.PepperVersion}
                """, cancel);
        if (IsAged(row, now) && (row.RemindedAt is null || now - row.RemindedAt >= RemindedEvery))
            await Remind(row, actor, now, cancel);
    }

    private Task Remind(KeyRow row, Actor actor, DateTimeOffset now, CancellationToken cancel) => database.Platform.Transact(async transaction =>
    {
        if (await transaction.Execute($"""
            update api_keys set reminded_at = {now}
            where organization_id = {row.OrganizationId} and id = {row.Id} and (reminded_at is null or reminded_at <= {now - RemindedEvery})
            """, cancel) > 0)
            await audit.Append(transaction, row.OrganizationId, new AuditEntry("api_key.rotation_due", "execute", actor, new AuditResource("api_key", row.Id, row.Name))
            {
                Details = new JsonObject { ["days"] = (int)(now - row.CreatedAt).TotalDays, ["max_age_days"] = options.MaxAgeDays },
            }, cancel);
    }, cancel);
}
