using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Signatures;

namespace Fluxgate.Server.Features.ApiKeys;

/// <summary>How many hours (0–168) the old key goes on beside the new one.</summary>
public sealed record RotateApiKeyRequest(int GraceHours = 24);

internal static class RotateApiKey
{
    private const int MostGraceHours = 168;

    private static readonly Error NotActive = Error.Conflict("key.not_active", "Only an active key is rotated.");

    /// <summary>A new key in the place of this one, with the same scopes, networks, owner and grants, and as long a life.</summary>
    public static async Task<Created<CreatedApiKey>> Handle(
        Guid id, RotateApiKeyRequest request, OrganizationCaller caller, Database database, ApiKeyIssuer issuer, ApiKeyOptions options, KeyVault vault, TimeProvider clock, CancellationToken cancel)
    {
        if (new Checks().That(request.GraceHours is >= 0 and <= MostGraceHours, "/grace_hours", "range", $"0–{MostGraceHours} hours.").Error() is { } invalid)
            return invalid;
        var now = clock.GetUtcNow();
        if (await database.As(caller).QueryOptional<ApiKeyRow>(ApiKeyRow.Of(caller, id), cancel) is not { } old)
            return Error.NotFound("api_key");
        var life = TimeSpan.FromTicks(Math.Min((old.ExpiresAt - old.CreatedAt).Ticks, TimeSpan.FromDays(options.MaxDays).Ticks));
        var key = ApiKeyText.New(ApiKeyText.IsForTests(old.Prefix));
        var row = await issuer.Prepare(key, new KeyContent(old.Name, old.Scopes, caller.User, now + life)
        {
            Networks = old.Networks, Owner = old.OwnerId, ServiceAccount = old.ServiceAccountId, RotatedFrom = id,
        }, cancel);
        var cipher = await vault.For(caller.Organization, cancel);
        var rotated = await database.As(caller).Attempt(transaction => Apply(transaction, caller, old, row, now.AddHours(request.GraceHours), issuer, cipher, clock, cancel), cancel);
        return rotated.Error is { } refused ? refused : Created<CreatedApiKey>.At($"../{row.Id}", CreatedApiKey.Of(row, key));
    }

    private static async Task<Result<Done>> Apply(
        Transaction transaction, OrganizationCaller caller, ApiKeyRow read, NewApiKey next, DateTimeOffset end, ApiKeyIssuer issuer, OrganizationCipher cipher, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        // Locked and read again: of two rotations at once the second finds a key that has its end, and what is copied is what holds.
        var old = await transaction.QueryOne<ApiKeyRow>($"{ApiKeyRow.Of(caller, read.Id)} for update", cancel);
        if (old.State(now) != ApiKeyState.Active || await transaction.QueryOne<bool>($"select exists (select from api_keys where organization_id = {caller.Organization} and rotated_from = {old.Id})", cancel))
            return NotActive;
        if (await KeyRights.Refusal(transaction, caller, old.Scopes, old.ServiceAccountId, old.Id, cancel) is { } beyond)
            return beyond;
        await issuer.Insert(transaction, caller.Organization, next with { Content = next.Content with { Owner = old.OwnerId } }, "api_key.rotated", caller.Actor, cancel);
        await transaction.Execute($"update api_keys set expires_at = least(expires_at, {end}) where organization_id = {caller.Organization} and id = {old.Id}", cancel);
        await transaction.Execute($"""
            insert into grants (organization_id, workflow_id, folder_id, connector_id, credential_id, api_key_id, rights)
            select organization_id, workflow_id, folder_id, connector_id, credential_id, {next.Id}, rights from grants where organization_id = {caller.Organization} and api_key_id = {old.Id}
            """, cancel);
        await TakeOverSigning(transaction, caller, old, next.Id, cipher, clock, cancel);
        return default(Done);
    }

    private sealed record SigningRow(Guid Id, string KeyId, SigningAlgorithm Algorithm, byte[]? Secret, byte[]? PublicKey);

    /// <summary>Whoever signs goes on with what it has, under the same name; a secret is sealed anew, for the row that it is in.</summary>
    private static async Task TakeOverSigning(Transaction transaction, OrganizationCaller caller, ApiKeyRow old, Guid next, OrganizationCipher cipher, TimeProvider clock, CancellationToken cancel)
    {
        if (old.SignatureRequired)
            await transaction.Execute($"update api_keys set signature_required = true where organization_id = {caller.Organization} and id = {next}", cancel);
        foreach (var key in await transaction.Query<SigningRow>($"""
            select id, key_id, algorithm, secret, public_key from signing_keys where organization_id = {caller.Organization} and api_key_id = {old.Id} order by id
            """, cancel))
        {
            var id = Uuid.New(clock);
            var secret = key.Secret is { } kept ? cipher.Seal(SealedField.RequestSigningSecret, id, cipher.Open(SealedField.RequestSigningSecret, key.Id, kept)) : null;
            await transaction.Execute($"""
                insert into signing_keys (organization_id, id, api_key_id, key_id, algorithm, secret, public_key, created_at)
                values ({caller.Organization}, {id}, {next}, {key.KeyId}, {key.Algorithm}, {secret}, {key.PublicKey}, {clock.GetUtcNow()})
                """, cancel);
        }
    }
}
