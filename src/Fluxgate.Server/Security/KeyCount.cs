using Fluxgate.Data.Sessions;

namespace Fluxgate.Server.Security;

/// <summary>How many keys of either kind an organization has that are not over.</summary>
internal static class KeyCount
{
    public static Task<long> Live(Transaction transaction, OrganizationCaller caller, DateTimeOffset now, CancellationToken cancel) => transaction.QueryOne<long>($"""
        select (select count(*) from api_keys where organization_id = {caller.Organization} and revoked_at is null and expires_at > {now})
             + (select count(*) from client_keys where organization_id = {caller.Organization} and revoked_at is null)
        """, cancel);
}
