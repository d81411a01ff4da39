using System.CommandLine;
using Fluxgate.Cli.Connection;
using Fluxgate.Client;

namespace Fluxgate.Cli.Workflows;

internal static class PublishCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "Name of the workflow." };
        var command = new Command("publish", "Make a workflow's draft the version that runs.") { name };
        command.Act(async (parsed, client, cancel) =>
        {
            var id = await NamedResources.Id(client, "workflow", parsed.GetValue(name)!, cancel);
            try
            {
                var published = await client.Post($"/workflows/{id}/publish", null, cancel);
                Console.WriteLine($"published {Table.Cell(published, "name")} as version {Table.Cell(published, "published_version")}");
                return 0;
            }
            catch (FluxgateException e) when (DocumentFaults.Print(parsed.GetValue(name)!, e))
            {
                return 1;
            }
        });
        return command;
    }
}
