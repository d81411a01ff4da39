using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Engine.Connections;

/// <summary>
/// The circuit breakers of connectors, in rows that all nodes share. A connector that answers costs nothing: there is a
/// row only after a failure, and whether there is one comes with the connector.
/// </summary>
public sealed class CircuitBreakers(Database database, AuditLog audit, TimeProvider clock)
{
    private static readonly Actor Engine = Actor.System("engine");

    private sealed record BreakerRow(BreakerState State, int Failures, int TrialsLeft, int TrialsPassed, DateTimeOffset Until)
    {
        public Breaker Breaker => new(State, Failures, TrialsLeft, TrialsPassed, Until);
    }

    /// <summary>How long to wait before the next try, or null if the call may go through.</summary>
    public async Task<TimeSpan?> Refusal(ResolvedConnector connector, CancellationToken cancel)
    {
        if (!connector.HasBreaker)
            return null;
        return await database.Engine(connector.Organization).Transact<TimeSpan?>(async transaction =>
        {
            if (await Locked(transaction, connector, cancel) is not { } before)
                return null;
            var now = clock.GetUtcNow();
            var (admitted, next) = before.Admit(connector.BreakerLimits, now);
            await Keep(transaction, connector, before, next, cancel);
            return admitted ? null : next.Until - now;
        }, cancel);
    }

    /// <summary>Takes how a call ended. A failure counts once for its step, with its last attempt; of a trial each attempt counts.</summary>
    public async Task Report(ResolvedConnector connector, bool succeeded, bool isLastAttempt, CancellationToken cancel)
    {
        if (!connector.HasBreaker && (succeeded || !isLastAttempt))
            return;
        await database.Engine(connector.Organization).Transact(async transaction =>
        {
            var before = await Locked(transaction, connector, cancel);
            if (!succeeded && !isLastAttempt && before?.State != BreakerState.HalfOpen)
                return;
            await Keep(transaction, connector, before, Breaker.Report(before, succeeded, connector.BreakerLimits, clock.GetUtcNow()), cancel);
        }, cancel);
    }

    private static async Task<Breaker?> Locked(Transaction transaction, ResolvedConnector connector, CancellationToken cancel)
    {
        await transaction.Execute($"select pg_advisory_xact_lock(hashtextextended({connector.Id.ToString()}, 0))", cancel);
        var row = await transaction.QueryOptional<BreakerRow>($"""
            select state, failures, trials_left, trials_passed, until from connector_breakers
            where organization_id = {connector.Organization} and connector_id = {connector.Id}
            """, cancel);
        return row?.Breaker;
    }

    private async Task Keep(Transaction transaction, ResolvedConnector connector, Breaker? before, Breaker? next, CancellationToken cancel)
    {
        if (next == before)
            return;
        if (next is null)
            await transaction.Execute($"delete from connector_breakers where organization_id = {connector.Organization} and connector_id = {connector.Id}", cancel);
        else
            await transaction.Execute($"""
                insert into connector_breakers (organization_id, connector_id, state, failures, trials_left, trials_passed, until)
                select organization_id, id, {next.State}, {next.Failures}, {next.TrialsLeft}, {next.TrialsPassed}, {next.Until}
                from connectors where organization_id = {connector.Organization} and id = {connector.Id}
                on conflict (organization_id, connector_id) do update set state = excluded.state, failures = excluded.failures,
                    trials_left = excluded.trials_left, trials_passed = excluded.trials_passed, until = excluded.until
                """, cancel);
        var (from, to) = (before?.State ?? BreakerState.Closed, next?.State ?? BreakerState.Closed);
        if (from == to)
            return;
        var type = to switch
        {
            BreakerState.Open => "connector.breaker_opened",
            BreakerState.HalfOpen => "connector.breaker_half_opened",
            _ => "connector.breaker_closed",
        };
        await audit.Append(transaction, connector.Organization, new AuditEntry(type, "update", Engine, new AuditResource("connector", connector.Id, connector.Name))
        {
            Details = new() { ["failures"] = next?.Failures ?? before!.Failures },
        }, cancel);
    }
}
