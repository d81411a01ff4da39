using System.Text;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;

namespace Fluxgate.Engine.Connections.Authentication;

/// <summary>
/// Tokens of accounts that people connected. As with <see cref="ConnectorTokens"/> one node at a time asks for the next;
/// here that matters twice, since a refresh token that is used twice makes a careful server end the connection.
/// </summary>
public sealed class AccountTokens(Database database, KeyVault vault, TokenEndpoint endpoint, EgressPolicies policies, TimeProvider clock)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private static readonly Error NotConnected = Error.Refused("connector.not_connected", "The account is not connected, or has to be connected again.");

    private sealed record Row(Guid Id, byte[] AccessToken, byte[]? RefreshToken, DateTimeOffset RefreshAt, DateTimeOffset ExpiresAt, bool Broken);

    /// <summary>
    /// A token of that person's account. Errors: <c>connector.not_connected</c>, and those of the refresh; when the server
    /// refuses that, the account has to be connected again.
    /// </summary>
    public async Task<Result<ConnectorToken>> Get(OrganizationId organization, ResolvedCredential credential, UserId user, string? rejected, CancellationToken cancel)
    {
        var session = database.Engine(organization);
        var cipher = await vault.For(organization, cancel);
        while (true)
        {
            // A new secret of the client makes another client of it: what the old one was given is not used.
            var row = await session.QueryOptional<Row>($"""
                select id, access_token, refresh_token, refresh_at, expires_at, broken from credential_accounts
                where organization_id = {organization} and credential_id = {credential.Id} and user_id = {user} and secret_version = {credential.SecretVersion}
                """, cancel);
            if (row is null || row.Broken)
                return NotConnected;
            var token = Encoding.UTF8.GetString(cipher.Open(SealedField.AccountAccessToken, row.Id, row.AccessToken));
            var now = clock.GetUtcNow();
            if (token != rejected && (row.RefreshAt > now || (row.RefreshToken is null && row.ExpiresAt > now)))
                return new ConnectorToken(token, IsFresh: false);
            if (row.RefreshToken is null)
                return NotConnected;
            var lease = Uuid.New(clock);
            if (await session.Execute($"""
                update credential_accounts set lease = {lease}, lease_until = now() + interval '45 seconds'
                where organization_id = {organization} and id = {row.Id} and access_token = {row.AccessToken} and (lease_until is null or lease_until < now())
                """, cancel) > 0)
                return await Renew(session, organization, credential, row, cipher, lease, cancel);
            if (token != rejected && row.ExpiresAt > now)
                return new ConnectorToken(token, IsFresh: false);
            await Task.Delay(Poll, clock, cancel);
        }
    }

    private async Task<Result<ConnectorToken>> Renew(
        Session session, OrganizationId organization, ResolvedCredential credential, Row row, OrganizationCipher cipher, Guid lease, CancellationToken cancel)
    {
        try
        {
            var secret = (OAuthSecret)credential.Secret;
            var policy = await policies.Of(organization, cancel);
            var addresses = await endpoint.Addresses(secret, credential.AllowedHosts, policy, cancel);
            if (addresses.Error is { } unknown)
                return unknown;
            var refresh = Encoding.UTF8.GetString(cipher.Open(SealedField.AccountRefreshToken, row.Id, row.RefreshToken!));
            // Not given up with the step: the server may have changed the refresh token, and only its answer has the next one.
            var issued = await endpoint.Refresh(secret, addresses.Value, refresh, credential.AllowedHosts, policy, CancellationToken.None);
            if (issued.Error is { } failed)
            {
                if (failed.Code == "connector.sign_in_failed")
                    await session.Execute($"update credential_accounts set broken = true where organization_id = {organization} and id = {row.Id} and lease = {lease}", CancellationToken.None);
                return failed;
            }
            var (access, next) = Seal(cipher, row.Id, issued.Value);
            var now = clock.GetUtcNow();
            await session.Execute($"""
                update credential_accounts set access_token = {access}, refresh_token = coalesce({next}, refresh_token), refresh_at = {issued.Value.RefreshAt(now)}, expires_at = {now + issued.Value.Lifetime}
                where organization_id = {organization} and id = {row.Id} and lease = {lease}
                """, CancellationToken.None);
            return new ConnectorToken(issued.Value.Value, IsFresh: true);
        }
        finally
        {
            await session.Execute($"update credential_accounts set lease = null, lease_until = null where organization_id = {organization} and id = {row.Id} and lease = {lease}", CancellationToken.None);
        }
    }

    /// <summary>Both tokens, sealed for the row.</summary>
    public static (byte[] Access, byte[]? Refresh) Seal(OrganizationCipher cipher, Guid row, IssuedToken issued) => (
        cipher.Seal(SealedField.AccountAccessToken, row, Encoding.UTF8.GetBytes(issued.Value)),
        issued.RefreshToken is { } refresh ? cipher.Seal(SealedField.AccountRefreshToken, row, Encoding.UTF8.GetBytes(refresh)) : null);
}
