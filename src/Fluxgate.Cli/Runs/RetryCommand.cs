using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.Runs;

internal static class RetryCommand
{
    public static Command Create()
    {
        var id = new Argument<Guid?>("id") { Description = "The run's id.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "All runs that the filters let through, 1000 at most; without filters every one that failed, timed out or was cancelled." };
        var step = new Option<string?>("--step") { Description = "Of one run: the node to start from. Left out, whatever is not done yet." };
        var latest = new Option<bool>("--latest") { Description = "With the version that is published now, not the run's own." };
        var key = new Option<string?>("--key") { Description = "Of one run: makes a repeat find the new run. Made up anew if left out." };
        var filters = new FilterOptions();
        var command = new Command("retry", "Take up runs that did not succeed: new runs that keep the results of the steps before.") { id, all, step, latest, key };
        filters.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(id) is null != result.GetValue(all))
                result.AddError("Give either the id of a run or --all.");
        });
        command.Act(async (parsed, client, cancel) =>
        {
            var version = parsed.GetValue(latest) ? "latest" : "same";
            if (parsed.GetValue(id) is { } run)
            {
                var started = await client.Post($"/runs/{run}/retry", new JsonObject { ["from"] = parsed.GetValue(step), ["version"] = version }, cancel, ("Idempotency-Key", parsed.GetValue(key) ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))));
                Console.WriteLine(Table.Cell(started, "run_id"));
                return 0;
            }
            var answer = await client.Post("/runs/retry", new JsonObject { ["filter"] = await filters.Read(parsed, client, cancel), ["version"] = version }, cancel);
            Console.WriteLine($"{Table.Cell(answer, "started")} of {Table.Cell(answer, "matched")} runs are taken up again{(answer!["more"]!.GetValue<bool>() ? "; there are more" : "")}");
            foreach (var (code, count) in answer["refused"]!.AsObject())
                Console.WriteLine(Table.OneLine($"{count} refused: {code}"));
            return answer["refused"]!.AsObject().Count == 0 ? 0 : 1;
        });
        return command;
    }
}
