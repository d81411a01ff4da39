using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;

namespace Fluxgate.Engine.Runs;

/// <summary>What one append made durable.</summary>
public sealed record AppendedEvents(int AppendNo, IReadOnlyList<RunEvent> Events);

/// <summary>The events of a run, wherever their bytes are: in the journal's row, or beside it if they are large.</summary>
public static class JournalStore
{
    /// <summary>Bytes of one append's events above which they are kept beside the journal.</summary>
    internal const int LargestInline = 64 * 1024;

    private sealed record JournalRow(int AppendNo, int Format, Guid? ValueId, byte[] Events);

    /// <summary>The appends after number <paramref name="after"/>, in order; an append is there whole or not at all.</summary>
    public static async Task<IReadOnlyList<AppendedEvents>> ReadAfter(
        Session session, OrganizationCipher cipher, OrganizationId organization, RunId run, int after, CancellationToken cancel)
    {
        var rows = await session.Query<JournalRow>($"""
            select j.append_no, j.format, j.value_id, coalesce(j.events, v.value) as events
            from run_journal j
            left join run_values v on v.organization_id = j.organization_id and v.run_id = j.run_id and v.id = j.value_id
            where j.organization_id = {organization} and j.run_id = {run} and j.append_no > {after}
            order by j.append_no
            """, cancel);
        return [.. rows.Select(row => new AppendedEvents(row.AppendNo, RunJournal.Read(row.Format, row.ValueId is { } value
            ? cipher.Open(SealedField.RunValue, value, row.Events)
            : cipher.Open(SealedField.RunJournal, run.Value, row.Events))))];
    }

    /// <summary>All events in order, and the number of the last append (0 if there is none).</summary>
    public static async Task<(IReadOnlyList<RunEvent> Events, int LastAppend)> Read(
        Session session, OrganizationCipher cipher, OrganizationId organization, RunId run, CancellationToken cancel)
    {
        var appends = await ReadAfter(session, cipher, organization, run, 0, cancel);
        return ([.. appends.SelectMany(a => a.Events)], appends.Count == 0 ? 0 : appends[^1].AppendNo);
    }

    /// <summary>Writes large events by themselves, so many sealed bytes; the append that refers to them may still be lost, they then lie unused.</summary>
    internal static async Task<int> WriteLarge(
        Session session, OrganizationCipher cipher, OrganizationId organization, RunId run, Guid id, byte[] events, CancellationToken cancel)
    {
        var value = cipher.Seal(SealedField.RunValue, id, events);
        await session.Execute($"insert into run_values (organization_id, run_id, id, value) values ({organization}, {run}, {id}, {value})", cancel);
        return value.Length;
    }
}
