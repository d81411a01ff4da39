using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;
using Fluxgate.Client;

namespace Fluxgate.Cli.Runs;

/// <summary>A run as it goes: the events of its journal, which unlike the run itself hold no data and so are read without an audit event each time.</summary>
internal static class RunTimeline
{
    /// <summary>Calls <paramref name="onEntry"/> for each entry once; answers the run when it is finished.</summary>
    public static async Task<JsonNode> Follow(FluxgateClient client, string run, Action<JsonNode> onEntry, CancellationToken cancel)
    {
        await foreach (var (name, entry) in client.Events($"/runs/{run}/events", cancel))
            if (name != "end")
                onEntry(entry);
        return (await client.Get($"/runs/{run}", cancel))!;
    }

    public static string Line(JsonNode entry)
    {
        var parts = new List<string> { Table.Time(entry, "at"), Table.Cell(entry, "event") };
        if (entry["node"] is not null)
            parts.Add(Table.Cell(entry, "node"));
        if (entry["attempt"] is not null)
            parts.Add($"attempt {Table.Cell(entry, "attempt")}");
        if (entry["port"] is not null)
            parts.Add($"-> {Table.Cell(entry, "port")}");
        if (entry["until"] is not null)
            parts.Add($"until {Table.Time(entry, "until")}");
        if (entry["error"] is { } error)
            parts.Add($"{Table.Cell(error, "code")}: {Table.Cell(error, "message")}");
        return Table.OneLine(string.Join("  ", parts));
    }

    public static bool Succeeded(JsonNode run) => Table.Cell(run, "status") == "succeeded";

    /// <summary>The status, and why if it is not a success.</summary>
    public static string Outcome(JsonNode run) => Table.OneLine(run["error"] is { } error
        ? $"{Table.Cell(run, "status")}: {Table.Cell(error, "code")}: {Table.Cell(error, "message")}"
        : Table.Cell(run, "status"));
}
