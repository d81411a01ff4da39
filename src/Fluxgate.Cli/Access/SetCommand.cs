using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.Access;

internal static class SetCommand
{
    public static Command Create()
    {
        var (kind, name) = (AccessCommand.Kind(), AccessCommand.Name());
        var mode = new Option<string>("--mode") { Description = "everyone, or selected: only whom a grant names.", Required = true };
        mode.AcceptOnlyFromAmong("everyone", "selected");
        var grants = new Option<string[]>("--grant") { Description = "member:ADDRESS=RIGHTS, group:NAME=RIGHTS, key:PREFIX=RIGHTS or service:NAME=RIGHTS; rights are view, edit, run (workflows, folders) and use (connectors, credentials), with commas. May be repeated." };
        var command = new Command("set", "Replace mode and all grants.") { kind, name, mode, grants };
        command.Act(async (parsed, client, cancel) =>
        {
            var path = await AccessCommand.Path(client, parsed.GetValue(kind)!, parsed.GetValue(name)!, cancel);
            var next = new JsonArray();
            foreach (var grant in parsed.GetValue(grants) ?? [])
                next.Add(await Subjects.Grant(client, grant, cancel));
            var revision = Table.Cell(await client.Get($"{path}/access", cancel), "revision");
            await client.Put($"{path}/access", new JsonObject { ["mode"] = parsed.GetValue(mode), ["grants"] = next }, cancel, ("If-Match", $"\"{revision}\""));
            return 0;
        });
        return command;
    }
}
