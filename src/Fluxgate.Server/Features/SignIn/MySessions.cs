using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.SignIn;

/// <summary>One signed-in browser of the own account; <paramref name="Current"/> is the one that asks.</summary>
public sealed record MySession(Guid Id, bool Current, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, DateTimeOffset ExpiresAt, string? Network, string? UserAgent);

internal static class MySessions
{
    private sealed record SessionRow(Guid Id, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, DateTimeOffset ExpiresAt, string? Network, string? UserAgent);

    public static async Task<Reply<Page<MySession>>> List(
        PersonCaller caller, PageQuery page, Database database, SignInOptions options, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var rows = await database.As(caller).Query<SessionRow>($"""
            select id, created_at, last_seen_at, expires_at, network, user_agent from sessions
            where user_id = {caller.User} and expires_at > {now} and last_seen_at > {now.AddMinutes(-options.SessionIdleMinutes)} and id < {page.Before}
            order by id desc
            limit {page.Limit + 1}
            """, cancel);
        var sessions = rows.Select(r => new MySession(r.Id, r.Id == caller.SessionId, r.CreatedAt, r.LastSeenAt, r.ExpiresAt, r.Network, r.UserAgent));
        return Page<MySession>.Of([.. sessions], page.Limit, s => s.Id);
    }

    public static async Task<NoContent> End(Guid id, PersonCaller caller, Database database, SignInLog log, CancellationToken cancel)
    {
        if (await database.As(caller).Execute($"delete from sessions where user_id = {caller.User} and id = {id}", cancel) == 0)
            return Error.NotFound("session");
        await log.Ended(caller, cancel);
        return NoContent.Done;
    }
}
