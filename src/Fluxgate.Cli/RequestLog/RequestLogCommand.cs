using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Cli.ApiKeys;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.RequestLog;

/// <summary>What keys and members asked for, and whose answer a watermark is of.</summary>
internal static class RequestLogCommand
{
    private const int Shown = 200;

    public static Command List()
    {
        var prefix = new Option<string?>("--key") { Description = "Those of the API key with this prefix." };
        var refused = new Option<bool>("--refused") { Description = "Those with a status of 400 or more." };
        var path = new Option<string?>("--path") { Description = "Those of this path, as it was called." };
        var json = OutputOption.Json();
        var command = new Command("request-log", $"The newest {Shown} requests of keys and members.") { prefix, refused, path, json };
        command.Act(async (parsed, client, cancel) =>
        {
            var query = $"/request-log?limit={Shown}";
            if (parsed.GetValue(prefix) is { } key)
                query += $"&api_key_id={await ApiKeysCommand.Id(client, key, cancel)}";
            if (parsed.GetValue(refused))
                query += "&status_from=400";
            if (parsed.GetValue(path) is { } called)
                query += $"&path={Uri.EscapeDataString(called)}";
            var requests = (await client.Get(query, cancel))!["items"]!.AsArray();
            if (parsed.GetValue(json))
                Table.PrintJson(requests);
            else
                Print(requests);
            return 0;
        });
        return command;
    }

    public static Command Watermark()
    {
        var watermark = new Argument<string>("watermark") { Description = "What a Fluxgate-Watermark header said." };
        var json = OutputOption.Json();
        var trace = new Command("trace", "Which request an answer was to.") { watermark, json };
        trace.Act(async (parsed, client, cancel) =>
        {
            var request = await client.Get($"/watermarks/{Uri.EscapeDataString(parsed.GetValue(watermark)!)}", cancel);
            if (parsed.GetValue(json))
                Table.PrintJson(request);
            else
                Print([request!.DeepClone()]);
            return 0;
        });
        return new Command("watermark", "Marks of answers.") { trace };
    }

    private static void Print(JsonArray requests) => Table.Print(["TIME", "BY", "METHOD", "OPERATION", "STATUS", "FROM", "WATERMARK"], [.. requests.Select(r => (string[])
    [
        Table.Time(r, "at"), Table.Cell(r, r!["api_key_prefix"] is null ? "user_email" : "api_key_prefix"), Table.Cell(r, "method"), Table.Cell(r, "operation"), Table.Cell(r, "status"), Table.Cell(r, "network"), Table.Cell(r, "watermark"),
    ])]);
}
