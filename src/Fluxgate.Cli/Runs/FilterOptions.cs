using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;
using Fluxgate.Cli.Workflows;
using Fluxgate.Client;

namespace Fluxgate.Cli.Runs;

/// <summary>The options of commands about many runs; all of them together say which.</summary>
internal sealed class FilterOptions
{
    private readonly Option<string?> workflow = new("--workflow") { Description = "Only runs of the workflow of this name." };
    private readonly Option<string?> status = new("--status") { Description = "Only runs in this state, such as failed." };
    private readonly Option<string?> error = new("--error") { Description = "Only runs that ended with this code, such as http.status." };
    private readonly Option<DateTimeOffset?> from = new("--from") { Description = "Only runs that started at this time or later." };
    private readonly Option<DateTimeOffset?> before = new("--before") { Description = "Only runs that started before this time." };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[workflow, status, error, from, before])
            command.Add(option);
    }

    public async Task<JsonObject> Read(ParseResult parsed, FluxgateClient client, CancellationToken cancel)
    {
        var filter = new JsonObject { ["status"] = parsed.GetValue(status), ["error_code"] = parsed.GetValue(error), ["started_from"] = Time(parsed.GetValue(from)), ["started_before"] = Time(parsed.GetValue(before)) };
        if (parsed.GetValue(workflow) is { } name)
            filter["workflow_id"] = await NamedResources.Id(client, "workflow", name, cancel);
        return filter;
    }

    private static string? Time(DateTimeOffset? time) => time?.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);
}
