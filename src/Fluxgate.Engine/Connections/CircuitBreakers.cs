using System.Text.Json.Nodes;
using System.Data.Common;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Engine.Connections;

/// <summary>
/// What a circuit breaker is of: a connector, or a credential that names its server by itself. <paramref name="HasBreaker"/>:
/// it has something to remember.
/// </summary>
public sealed record BreakerSubject(OrganizationId Organization, string Kind, Guid Id, string Name, BreakerLimits Limits, bool HasBreaker)
{
    public static BreakerSubject Of(ResolvedConnector connector) =>
        new(connector.Organization, "connector", connector.Id, connector.Name, connector.BreakerLimits, connector.HasBreaker);

    internal bool IsConnector => Kind == "connector";
}

/// <summary>
/// The circuit breakers of connectors and servers, in rows that all nodes share. One that answers costs nothing: there is a
/// row only after a failure, and whether there is one comes with it.
/// </summary>
public sealed class CircuitBreakers(Database database, AuditLog audit, TimeProvider clock)
{
    private static readonly Actor Engine = Actor.System("engine");
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMilliseconds(250);

    private readonly NamedTurns turns = new();

    private sealed record BreakerRow(BreakerState State, int Failures, int TrialsLeft, int TrialsPassed, DateTimeOffset Until)
    {
        public Breaker Breaker => new(State, Failures, TrialsLeft, TrialsPassed, Until);
    }

    /// <summary>How long to wait before the next try, or null if the call may go through.</summary>
    public async Task<TimeSpan?> Refusal(BreakerSubject subject, CancellationToken cancel)
    {
        if (!subject.HasBreaker)
            return null;
        return await Alone<TimeSpan?>(subject, async transaction =>
        {
            if (await Read(transaction, subject, cancel) is not { } before)
                return null;
            var now = clock.GetUtcNow();
            var (admitted, next) = before.Admit(subject.Limits, now);
            await Keep(transaction, subject, before, next, cancel);
            return admitted ? null : next.Until - now;
        }, cancel);
    }

    /// <summary>Takes how a call ended. A failure counts once for its step, with its last attempt; of a trial each attempt counts.</summary>
    public async Task Report(BreakerSubject subject, bool succeeded, bool isLastAttempt, CancellationToken cancel)
    {
        if (!subject.HasBreaker && (succeeded || !isLastAttempt))
            return;
        while (true)
        {
            try
            {
                await Alone(subject, async transaction =>
                {
                    var before = await Read(transaction, subject, cancel);
                    if (succeeded || isLastAttempt || before?.State == BreakerState.HalfOpen)
                        await Keep(transaction, subject, before, Breaker.Report(before, succeeded, subject.Limits, clock.GetUtcNow()), cancel);
                    return true;
                }, cancel);
                return;
            }
            catch (DbException e) when (e.IsTransient)
            {
                // The call has been made: our trouble here must not have it made again.
                await Task.Delay(TryAgainAfter, clock, cancel);
            }
        }
    }

    private Task<T> Alone<T>(BreakerSubject subject, Func<Transaction, Task<T>> work, CancellationToken cancel) =>
        turns.Transact(database.Engine(subject.Organization), $"breaker {subject.Id}", work, cancel);

    private static async Task<Breaker?> Read(Transaction transaction, BreakerSubject subject, CancellationToken cancel)
    {
        var row = await transaction.QueryOptional<BreakerRow>($"""
            select state, failures, trials_left, trials_passed, until from {Table(subject)}
            where organization_id = {subject.Organization} and {Key(subject)} = {subject.Id}
            """, cancel);
        return row?.Breaker;
    }

    private async Task Keep(Transaction transaction, BreakerSubject subject, Breaker? before, Breaker? next, CancellationToken cancel)
    {
        if (next == before)
            return;
        if (next is null)
            await transaction.Execute($"delete from {Table(subject)} where organization_id = {subject.Organization} and {Key(subject)} = {subject.Id}", cancel);
        else
            await transaction.Execute($"""
                insert into {Table(subject)} (organization_id, {Key(subject)}, state, failures, trials_left, trials_passed, until)
                select organization_id, id, {next.State}, {next.Failures}, {next.TrialsLeft}, {next.TrialsPassed}, {next.Until}
                from {Owners(subject)} where organization_id = {subject.Organization} and id = {subject.Id}
                on conflict (organization_id, {Key(subject)}) do update set state = excluded.state, failures = excluded.failures,
                    trials_left = excluded.trials_left, trials_passed = excluded.trials_passed, until = excluded.until
                """, cancel);
        var (from, to) = (before?.State ?? BreakerState.Closed, next?.State ?? BreakerState.Closed);
        if (from == to)
            return;
        var type = subject.Kind + to switch
        {
            BreakerState.Open => ".breaker_opened",
            BreakerState.HalfOpen => ".breaker_half_opened",
            _ => ".breaker_closed",
        };
        await audit.Append(transaction, subject.Organization, new AuditEntry(type, "update", Engine, new AuditResource(subject.Kind, subject.Id, subject.Name))
        {
            Details = new JsonObject { ["failures"] = next?.Failures ?? before!.Failures },
        }, cancel);
    }

    private static Sql Table(BreakerSubject subject) => subject.IsConnector ? (Sql)$"connector_breakers" : $"credential_breakers";

    private static Sql Key(BreakerSubject subject) => subject.IsConnector ? (Sql)$"connector_id" : $"credential_id";

    private static Sql Owners(BreakerSubject subject) => subject.IsConnector ? (Sql)$"connectors" : $"credentials";
}
