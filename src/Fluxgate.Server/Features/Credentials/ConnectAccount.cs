using System.Text;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Credentials;

/// <summary>Where the browser has to go; the provider sends it back within ten minutes.</summary>
public sealed record ConnectAccountResponse(string AuthorizationUrl);

internal static class ConnectAccount
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <summary>Begins to connect the caller's own account: authorization code with PKCE, bound to this session by its state.</summary>
    public static async Task<Reply<ConnectAccountResponse>> Handle(
        Guid id, OrganizationCaller caller, HttpContext context, Database database, AccountAuthorizations authorizations, TimeProvider clock, CancellationToken cancel)
    {
        if (await authorizations.Name(caller, id, cancel) is null)
            return CredentialErrors.NotFound;
        if (caller.User is not { } user || context.Features.Get<PersonCaller>() is not { } person)
            return AccountErrors.NeedsPerson;
        var client = await authorizations.Client(caller, id, cancel);
        if (client.Error is { } refused)
            return refused;
        var slug = await database.As(caller).QueryOne<string>($"select slug from organizations where id = {caller.Organization}", cancel);
        // The console's page reads the organization from it; the rest is what nobody else knows.
        var state = $"{slug}.{SecretToken.New()}";
        var verifier = SecretToken.New();
        var row = Uuid.New(clock);
        var cipher = await authorizations.Vault.For(caller.Organization, cancel);
        var now = clock.GetUtcNow();
        await database.As(caller).Transact(async transaction =>
        {
            await transaction.Execute($"delete from credential_authorizations where organization_id = {caller.Organization} and (expires_at < {now} or (credential_id = {id} and user_id = {user}))", cancel);
            await transaction.Execute($"""
                insert into credential_authorizations (organization_id, id, state_hash, credential_id, user_id, session_id, verifier, expires_at)
                values ({caller.Organization}, {row}, {SecretToken.Hash(state)}, {id}, {user}, {person.SessionId},
                        {cipher.Seal(SealedField.AuthorizationVerifier, row, Encoding.ASCII.GetBytes(verifier))}, {now + Life})
                """, cancel);
        }, cancel);

        var (secret, address) = (client.Value.Secret, client.Value.Addresses.Authorization);
        (string Name, string? Value)[] query =
        [
            ("response_type", "code"), ("client_id", secret.ClientId), ("redirect_uri", authorizations.Redirect), ("scope", secret.Scope), ("state", state),
            ("code_challenge", AccountAuthorizations.Challenge(verifier)), ("code_challenge_method", "S256"),
        ];
        var parameters = string.Join('&', query.Where(q => q.Value is not null).Select(q => $"{q.Name}={Uri.EscapeDataString(q.Value!)}"));
        return new ConnectAccountResponse($"{address.AbsoluteUri}{(address.Query.Length == 0 ? "?" : "&")}{parameters}");
    }
}
