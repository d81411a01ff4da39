using System.Globalization;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Runs;

namespace Fluxgate.Core.WorkflowTests;

public enum Change
{
    /// <summary>It was not there before.</summary>
    Added,

    /// <summary>It was there before.</summary>
    Missing,

    /// <summary>It was there, with another value.</summary>
    Changed,
}

/// <summary>
/// One place where two runs differ: <paramref name="Pointer"/> (RFC 6901) is within what stands in <see cref="TraceEntry.Content"/>,
/// empty for all of it.
/// </summary>
public sealed record Difference(Change Change, TraceKind Kind, string Step, int Attempt, string Pointer, CelValue? Expected, CelValue? Actual);

/// <summary>How a run differs from one before.</summary>
public static class Comparison
{
    /// <summary>What others would notice, in the order in which it was done, what is missing last; at most <paramref name="most"/>.</summary>
    public static IReadOnlyList<Difference> Differences(Recording before, Recording after, int most)
    {
        var found = new List<Difference>();
        var expected = before.Trace.ToDictionary(e => (e.Kind, e.Step, e.Attempt));
        foreach (var entry in after.Trace)
            if (expected.Remove((entry.Kind, entry.Step, entry.Attempt), out var was))
                Compare(entry, "", was.Content, entry.Content, found, most);
            else
                found.Add(new Difference(Change.Added, entry.Kind, entry.Step, entry.Attempt, "", null, entry.Content));
        found.AddRange(before.Trace.Where(e => expected.ContainsKey((e.Kind, e.Step, e.Attempt))).Select(e => new Difference(Change.Missing, e.Kind, e.Step, e.Attempt, "", e.Content, null)));
        return [.. found.Take(most)];
    }

    /// <summary>Paths of the steps that ended otherwise than before or gave something else, in the order of the document; at most <paramref name="most"/>. They say where a difference comes from.</summary>
    public static IReadOnlyList<string> ChangedSteps(RunState before, RunState after, int most)
    {
        var known = before.Root.StepsWithin(ended: true).ToDictionary(p => p.Path);
        return [.. after.Root.StepsWithin(ended: true).Where(p => !known.TryGetValue(p.Path, out var was) || was.Step.Status != p.Step.Status || was.Step.Port != p.Step.Port || !Same(was.Step.Output, p.Step.Output)).Select(p => p.Path).Take(most)];
    }

    private static void Compare(TraceEntry entry, string pointer, CelValue expected, CelValue actual, List<Difference> found, int most)
    {
        if (found.Count >= most)
            return;
        if (expected.Kind == CelKind.Map && actual.Kind == CelKind.Map)
            foreach (var name in expected.AsMap.Concat(actual.AsMap).Select(m => m.Key.AsString).Distinct())
                CompareMember(entry, $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}", Member(expected, name), Member(actual, name), found, most);
        else if (expected.Kind == CelKind.List && actual.Kind == CelKind.List)
            for (var i = 0; i < Math.Max(expected.AsList.Count, actual.AsList.Count); i++)
                CompareMember(entry, string.Create(CultureInfo.InvariantCulture, $"{pointer}/{i}"), Item(expected, i), Item(actual, i), found, most);
        else if (!Same(expected, actual))
            found.Add(new Difference(Change.Changed, entry.Kind, entry.Step, entry.Attempt, pointer, expected, actual));
    }

    private static void CompareMember(TraceEntry entry, string pointer, CelValue? expected, CelValue? actual, List<Difference> found, int most)
    {
        if (expected is { } was && actual is { } now)
            Compare(entry, pointer, was, now, found, most);
        else
            found.Add(new Difference(expected is null ? Change.Added : Change.Missing, entry.Kind, entry.Step, entry.Attempt, pointer, expected, actual));
    }

    private static CelValue? Member(CelValue map, string name) => map.TryGetMember(name, out var value) ? value : null;

    private static CelValue? Item(CelValue list, int index) => index < list.AsList.Count ? list.AsList[index] : null;

    /// <summary>Equal as JSON: 2 and 2.0 are the same number to whoever receives it.</summary>
    private static bool Same(CelValue one, CelValue other) => one == other || one.ToJson().AsSpan().SequenceEqual(other.ToJson());
}
