using System.CommandLine;

namespace Fluxgate.Cli.Retention;

internal static class RetentionCommand
{
    public static Command Create() => new("retention", "How long ended runs are kept.")
    {
        ShowCommand.Create(),
        SetCommand.Create(),
        RemoveCommand.Create(),
    };

    public static Option<string?> Workflow() => new("--workflow") { Description = "Name of the workflow whose policy it is; without it and a folder that of the whole organization." };

    public static Option<string?> Folder() => new("--folder") { Description = "Name of the folder for whose workflows it is." };
}
