using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Credentials;

/// <summary>The caller's own accounts; a program has none.</summary>
public sealed record MyAccountsResponse(IReadOnlyList<AccountResponse> Items);

internal static class ListAccounts
{
    public static async Task<Reply<MyAccountsResponse>> Handle(OrganizationCaller caller, Database database, CancellationToken cancel) =>
        new MyAccountsResponse(caller.User is not { } user ? [] : await database.As(caller).Query<AccountResponse>($"""
            select a.credential_id, c.name as credential, a.scope, a.connected_at, a.broken or a.secret_version <> c.secret_version as broken
            from credential_accounts a join credentials c on c.organization_id = a.organization_id and c.id = a.credential_id
            where a.organization_id = {caller.Organization} and a.user_id = {user}
            order by c.name limit 200
            """, cancel));
}
