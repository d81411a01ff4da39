using System.Text;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Egress;

namespace Fluxgate.Engine.Connections.Authentication;

/// <summary>A token for one call; <paramref name="IsFresh"/> if it was asked for just now.</summary>
public sealed record ConnectorToken(string Value, bool IsFresh);

/// <summary>
/// Tokens of connectors, sealed in the database and shared by all runs on all nodes. One node at a time asks for the next
/// one: it holds a lease on the row, which ends by itself if that node dies.
/// </summary>
public sealed class ConnectorTokens(Database database, KeyVault vault, TokenEndpoint endpoint, EgressPolicies policies, TimeProvider clock)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private sealed record Row(byte[]? Token, DateTimeOffset? RefreshAt, DateTimeOffset? ExpiresAt);

    /// <summary>
    /// A token for the connector by that credential, from memory of the database unless it is <paramref name="rejected"/>.
    /// Errors: those of <see cref="TokenEndpoint.ClientCredentials"/>.
    /// </summary>
    public async Task<Result<ConnectorToken>> Get(ResolvedConnector connector, ResolvedCredential credential, EgressTls? tls, string? rejected, CancellationToken cancel)
    {
        var session = database.Engine(connector.Organization);
        var cipher = await vault.For(connector.Organization, cancel);
        while (true)
        {
            var row = await session.QueryOptional<Row>($"""
                select token, refresh_at, expires_at from connector_tokens
                where organization_id = {connector.Organization} and connector_id = {connector.Id} and credential_id = {credential.Id} and secret_version = {credential.SecretVersion}
                """, cancel);
            if (Usable(row, row?.RefreshAt) is { } current)
                return new ConnectorToken(current, IsFresh: false);
            var lease = Uuid.New(clock);
            if (await TryLease(session, connector, credential, lease, cancel))
                return await Renew(session, connector, credential, cipher, tls, Opened, rejected, lease, cancel);
            // Somebody else asks for the next one; the last one may do until then.
            if (Usable(row, row?.ExpiresAt) is { } last)
                return new ConnectorToken(last, IsFresh: false);
            await Task.Delay(Poll, clock, cancel);
        }

        string? Usable(Row? row, DateTimeOffset? until) => until > clock.GetUtcNow() && Opened(row) is { } token && token != rejected ? token : null;

        string? Opened(Row? row) => row?.Token is { } stored ? Encoding.UTF8.GetString(cipher.Open(SealedField.ConnectorToken, connector.Id, stored)) : null;
    }

    /// <summary>A token that nobody keeps. Errors: those of <see cref="TokenEndpoint.ClientCredentials"/>.</summary>
    internal async Task<Result<IssuedToken>> Ask(ResolvedConnector connector, ResolvedCredential credential, EgressTls? tls, CancellationToken cancel) =>
        await endpoint.ClientCredentials((TokenSecret)credential.Secret, credential.AllowedHosts, await policies.Of(connector.Organization, cancel), tls, cancel);

    /// <summary>Takes the row, unless another node holds it. What another secret's token was goes at that moment.</summary>
    private static async Task<bool> TryLease(Session session, ResolvedConnector connector, ResolvedCredential credential, Guid lease, CancellationToken cancel) =>
        await session.Execute($"""
            insert into connector_tokens as t (organization_id, connector_id, credential_id, secret_version, lease, lease_until)
            values ({connector.Organization}, {connector.Id}, {credential.Id}, {credential.SecretVersion}, {lease}, now() + interval '45 seconds')
            on conflict (organization_id, connector_id) do update
            set credential_id = excluded.credential_id, secret_version = excluded.secret_version, lease = excluded.lease, lease_until = excluded.lease_until,
                token = case when t.credential_id = excluded.credential_id and t.secret_version = excluded.secret_version then t.token end
            where t.lease_until is null or t.lease_until < now()
            """, cancel) > 0;

    private async Task<Result<ConnectorToken>> Renew(
        Session session, ResolvedConnector connector, ResolvedCredential credential, OrganizationCipher cipher, EgressTls? tls,
        Func<Row?, string?> opened, string? rejected, Guid lease, CancellationToken cancel)
    {
        try
        {
            // Between the look and the lease another node may have been done.
            var row = await session.QueryOne<Row>($"""
                select token, refresh_at, expires_at from connector_tokens where organization_id = {connector.Organization} and connector_id = {connector.Id}
                """, cancel);
            if (row.RefreshAt > clock.GetUtcNow() && opened(row) is { } renewed && renewed != rejected)
                return new ConnectorToken(renewed, IsFresh: false);
            var issued = await Ask(connector, credential, tls, cancel);
            if (issued.Error is { } failed)
                return failed;
            var now = clock.GetUtcNow();
            var token = cipher.Seal(SealedField.ConnectorToken, connector.Id, Encoding.UTF8.GetBytes(issued.Value.Value));
            // Whoever lost the lease, or whose secret was replaced meanwhile, stores nothing; the token serves this call.
            await session.Execute($"""
                update connector_tokens set token = {token}, refresh_at = {issued.Value.RefreshAt(now)}, expires_at = {now + issued.Value.Lifetime}
                where organization_id = {connector.Organization} and connector_id = {connector.Id} and lease = {lease}
                """, cancel);
            return new ConnectorToken(issued.Value.Value, IsFresh: true);
        }
        finally
        {
            // Also when the call was given up: the next one need not wait for the lease to end.
            await session.Execute($"""
                update connector_tokens set lease = null, lease_until = null
                where organization_id = {connector.Organization} and connector_id = {connector.Id} and lease = {lease}
                """, CancellationToken.None);
        }
    }
}
