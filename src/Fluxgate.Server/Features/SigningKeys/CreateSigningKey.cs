using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Server.Features.ApiKeys;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Signatures;

namespace Fluxgate.Server.Features.SigningKeys;

/// <summary>
/// <paramref name="PublicKey"/>, for <c>ed25519</c> alone: PEM or the 32 bytes in Base64. For <c>hmac_sha256</c> the secret is made here.
/// </summary>
public sealed record CreateSigningKeyRequest(SigningAlgorithm Algorithm, string? PublicKey = null);

/// <summary>
/// The new signing key. <paramref name="KeyId"/> is the <c>keyid</c> of its signatures. <paramref name="Secret"/>, of an HMAC key,
/// is shown here and never again; no request sends it.
/// </summary>
public sealed record CreatedSigningKey(Guid Id, string KeyId, SigningAlgorithm Algorithm, string? Secret, DateTimeOffset CreatedAt);

internal static class CreateSigningKey
{
    /// <summary>Enough to change one for another while both are in use, on several machines.</summary>
    public const int Most = 5;

    private static readonly Error TooMany = Error.Refused("signing_key.too_many", $"An API key has at most {Most} signing keys; remove one first.");

    public static async Task<Created<CreatedSigningKey>> Handle(
        Guid id, CreateSigningKeyRequest request, OrganizationCaller caller, Database database, KeyVault vault, AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        var publicKey = request.PublicKey is { Length: <= 200 } given ? SigningKeyText.PublicKey(given) : null;
        var isHmac = request.Algorithm == SigningAlgorithm.HmacSha256;
        if (new Checks().That(isHmac ? request.PublicKey is null : publicKey is not null, "/public_key", "public_key",
            isHmac ? "An HMAC key has no public key; its secret is made here." : "An Ed25519 public key, as PEM or its 32 bytes in Base64.").Error() is { } invalid)
            return invalid;
        // A public key takes its name from a secret that nobody uses: one form of names for both.
        var secret = SigningKeyText.NewSecret();
        var key = new SigningKeyRow(Uuid.New(clock), ApiKeyText.Prefix(secret), request.Algorithm, clock.GetUtcNow());
        var sealedSecret = isHmac ? (await vault.For(caller.Organization, cancel)).Seal(SealedField.RequestSigningSecret, key.Id, SigningKeyText.HmacKey(secret)) : null;
        var result = await database.As(caller).Attempt<Done>(async transaction =>
        {
            // Locked, so that two at once are counted one after the other.
            if (await transaction.QueryOptional<ApiKeyRow>($"{ApiKeyRow.Of(caller, id)} for update", cancel) is not { } apiKey)
                return Error.NotFound("api_key");
            if (await transaction.QueryOne<long>($"select count(*) from signing_keys where organization_id = {caller.Organization} and api_key_id = {id}", cancel) >= Most)
                return TooMany;
            await transaction.Execute($"""
                insert into signing_keys (organization_id, id, api_key_id, key_id, algorithm, secret, public_key, created_at)
                values ({caller.Organization}, {key.Id}, {id}, {key.KeyId}, {key.Algorithm}, {sealedSecret}, {publicKey}, {key.CreatedAt})
                """, cancel);
            await audit.Append(transaction, caller.Organization, new AuditEntry("signing_key.created", "create", caller.Actor, new AuditResource("api_key", id, apiKey.Name))
            {
                Details = JsonConventions.Object(new { key.KeyId, key.Algorithm }),
            }, cancel);
            return default(Done);
        }, cancel);
        return result.Error is { } refused ? refused : Created<CreatedSigningKey>.At(key.Id, new CreatedSigningKey(key.Id, key.KeyId, key.Algorithm, isHmac ? secret : null, key.CreatedAt));
    }
}
