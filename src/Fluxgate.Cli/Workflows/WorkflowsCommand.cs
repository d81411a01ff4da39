using System.CommandLine;

namespace Fluxgate.Cli.Workflows;

internal static class WorkflowsCommand
{
    public static Command Create() => new("workflows", "Workflows of the organization.")
    {
        ApplyCommand.Create(),
        ListCommand.Create(),
        PublishCommand.Create(),
        TemplatesCommand.Create(),
        RunCommand.Create(),
        TestCommand.Create(),
        TestsCommand.Create(),
    };
}
