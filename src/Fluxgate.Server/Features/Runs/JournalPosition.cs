using System.Globalization;

namespace Fluxgate.Server.Features.Runs;

/// <summary>
/// Where an event stands in its run's journal: the number of its append and its place in that, from 0. It is the same
/// on every node and for ever, so a reader goes on from it wherever it comes back to.
/// </summary>
internal readonly record struct JournalPosition(int Append, int Index)
{
    /// <summary>More events than an append can hold: each of at most 500 steps adds a few, and a turn of loops is cut short.</summary>
    private const long PerAppend = 1_000_000;

    /// <summary>Before the first event.</summary>
    public static readonly JournalPosition Start = new(0, 0);

    /// <summary>One number that grows along the journal; below 2^53, which is what JavaScript counts to.</summary>
    public long Number => Append * PerAppend + Index;

    /// <summary>Null for a text that is no position.</summary>
    public static JournalPosition? Parse(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number / PerAppend is > 0 and <= int.MaxValue
            ? new JournalPosition((int)(number / PerAppend), (int)(number % PerAppend))
            : null;
}
