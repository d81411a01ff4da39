using System.Text.Json;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;

namespace Fluxgate.Engine.Runs;

/// <summary>What requests tell runs. A request inserts a signal in its own transaction; the run's append deletes it.</summary>
public sealed class RunSignals(Database database, KeyVault vault, TimeProvider clock)
{
    private sealed record SignalRow(Guid Id, byte[] Payload);

    /// <summary>Sends a signal as part of <paramref name="transaction"/> (role app).</summary>
    public async Task Send(Transaction transaction, OrganizationId organization, RunId run, RunSignal signal, CancellationToken cancel)
    {
        var cipher = await vault.For(organization, cancel);
        var id = Uuid.New(clock);
        await transaction.Execute($"""
            insert into run_signals (organization_id, run_id, id, payload, created_at)
            values ({organization}, {run}, {id}, {cipher.Seal(SealedField.SignalPayload, id, Write(signal))}, {clock.GetUtcNow()})
            """, cancel);
    }

    internal async Task<IReadOnlyList<(Guid Id, RunSignal Signal)>> Read(OrganizationId organization, RunId run, OrganizationCipher cipher, CancellationToken cancel)
    {
        var rows = await database.Engine(organization).Query<SignalRow>($"""
            select id, payload from run_signals where organization_id = {organization} and run_id = {run} order by id limit 1000
            """, cancel);
        return [.. rows.Select(r => (r.Id, Read(cipher.Open(SealedField.SignalPayload, r.Id, r.Payload))))];
    }

    /// <summary>The row of a signal that a run's append sends.</summary>
    internal static SentSignal Row(RunId to, RunSignal signal, OrganizationCipher cipher, TimeProvider clock)
    {
        var id = Uuid.New(clock);
        return new SentSignal(id, to, cipher.Seal(SealedField.SignalPayload, id, Write(signal)));
    }

    private static byte[] Write(RunSignal signal) => JsonSerializer.SerializeToUtf8Bytes(signal switch
    {
        ReviewDecided decided => new StoredSignal { ReviewDecided = decided },
        ChildEnded ended => new StoredSignal { ChildEnded = new StoredEnd(ended.Child.Value, ended.Status, ended.Output.ToJson(), ended.Error) },
        OutcomeDecided decided => new StoredSignal { OutcomeDecided = new StoredOutcome(decided.Node, decided.Outcome, decided.Output.ToJson(), decided.DecidedBy, decided.Reason) },
        CancelRequested cancel => new StoredSignal { CancelRequested = cancel },
        SignalSent sent => new StoredSignal { SignalSent = new StoredData(sent.Name, sent.Data.ToJson(), sent.SentBy) },
        _ => throw new InvalidOperationException($"{signal.GetType().Name} cannot be written."),
    });

    private static RunSignal Read(byte[] payload)
    {
        var stored = JsonSerializer.Deserialize<StoredSignal>(payload)!;
        if (stored.ChildEnded is { } ended)
            return new ChildEnded(new RunId(ended.Child), ended.Status, CelValue.FromJson(ended.Output), ended.Error);
        if (stored.OutcomeDecided is { } decided)
            return new OutcomeDecided(decided.Node, decided.Outcome, CelValue.FromJson(decided.Output), decided.DecidedBy, decided.Reason);
        return (RunSignal?)stored.ReviewDecided ?? (RunSignal?)stored.CancelRequested
            ?? new SignalSent(stored.SignalSent!.Name, CelValue.FromJson(stored.SignalSent.Json), stored.SignalSent.SentBy);
    }

    /// <summary>One of them is there.</summary>
    private sealed record StoredSignal
    {
        public ReviewDecided? ReviewDecided { get; init; }

        public CancelRequested? CancelRequested { get; init; }

        public StoredData? SignalSent { get; init; }

        public StoredEnd? ChildEnded { get; init; }

        public StoredOutcome? OutcomeDecided { get; init; }
    }

    private sealed record StoredOutcome(string Node, DecidedOutcome Outcome, byte[] Output, string DecidedBy, string Reason);

    private sealed record StoredEnd(Guid Child, RunStatus Status, byte[] Output, StepError? Error);

    private sealed record StoredData(string Name, byte[] Json, string SentBy);
}
