using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Client;

namespace Fluxgate.Cli.Connection;

/// <summary>What a command that talks to a server has around it: the client, and errors as a line with their code, and one for each fault of what was sent.</summary>
internal static class ClientAction
{
    public static void Act(this Command command, Func<ParseResult, FluxgateClient, CancellationToken, Task<int>> action) =>
        command.ActLocally(async (parsed, cancel) =>
        {
            using var client = ServerConnection.Open();
            return await action(parsed, client, cancel);
        });

    /// <summary>The same for a command that opens its own connection.</summary>
    public static void ActLocally(this Command command, Func<ParseResult, CancellationToken, Task<int>> action) =>
        command.SetAction(async (parsed, cancel) =>
        {
            try
            {
                return await action(parsed, cancel);
            }
            catch (FluxgateException e)
            {
                var failed = Fail(e.Code, e.Message);
                foreach (var fault in e.Problem?["errors"] as JsonArray ?? [])
                    Console.Error.WriteLine($"  {Table.OneLine($"{Table.Cell(fault, "pointer")} {Table.Cell(fault, "message")}").TrimStart()}");
                return failed;
            }
            catch (CommandException e)
            {
                return Fail(e.Code, e.Message);
            }
            catch (HttpRequestException e)
            {
                return Fail("connection.failed", $"The server does not answer: {e.Message}");
            }
            catch (TaskCanceledException) when (!cancel.IsCancellationRequested)
            {
                return Fail("connection.timeout", "The server did not answer in time.");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return Fail("file.unreadable", e.Message);
            }
        });

    private static int Fail(string code, string message)
    {
        Console.Error.WriteLine($"{code}: {Table.OneLine(message)}");
        return 1;
    }
}
