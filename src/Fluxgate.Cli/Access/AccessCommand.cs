using System.CommandLine;
using Fluxgate.Cli.Connection;
using Fluxgate.Client;

namespace Fluxgate.Cli.Access;

internal static class AccessCommand
{
    private static readonly string[] Kinds = ["workflow", "folder", "connector", "credential"];

    public static Command Create() => new("access", "Who reaches one workflow, folder, connector or credential.")
    {
        ShowCommand.Create(),
        SetCommand.Create(),
        ExplainCommand.Create(),
    };

    public static Argument<string> Kind()
    {
        var kind = new Argument<string>("kind") { Description = string.Join(", ", Kinds) + "." };
        kind.AcceptOnlyFromAmong(Kinds);
        return kind;
    }

    public static Argument<string> Name() => new("name") { Description = "Its name." };

    /// <summary>The path of the resource of that name.</summary>
    public static async Task<string> Path(FluxgateClient client, string kind, string name, CancellationToken cancel) =>
        $"/{kind}s/{await NamedResources.Id(client, kind, name, cancel)}";
}
