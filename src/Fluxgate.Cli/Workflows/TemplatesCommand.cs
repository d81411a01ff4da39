using System.CommandLine;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.Workflows;

internal static class TemplatesCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("name") { Description = "Prints the document of that template. Default: lists all.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("templates", "Documents to begin a workflow with.") { name };
        command.Act(async (parsed, client, cancel) =>
        {
            var templates = (await client.Get("/templates", cancel))!["items"]!.AsArray();
            if (parsed.GetValue(name) is not { } wanted)
            {
                Table.Print(["NAME", "WHAT IT DOES"], [.. templates.Select(t => (string[])[Table.Cell(t, "name"), Table.Cell(t, "description")])]);
                return 0;
            }
            Console.Write((templates.FirstOrDefault(t => Table.Cell(t, "name") == wanted) ?? throw new CommandException("template.not_found", $"There is no template '{wanted}'."))["document"]!.GetValue<string>());
            return 0;
        });
        return command;
    }
}
