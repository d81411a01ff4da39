using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.Roles;

internal static class RolesCommand
{
    public static Command Create() => new("roles", "Built-in roles and the organization's own.") { List(), Set(), Delete() };

    private static Command List()
    {
        var json = OutputOption.Json();
        var command = new Command("list", "The roles with their permissions.") { json };
        command.Act(async (parsed, client, cancel) =>
        {
            var roles = (await client.Get("/roles", cancel))!["items"]!;
            if (parsed.GetValue(json))
                Table.PrintJson(roles);
            else
                Table.Print(["ROLE", "OF", "PERMISSIONS"], [.. roles.AsArray().Select(r => (string[])
                [
                    Table.Cell(r, "name"), r!["built_in"]!.GetValue<bool>() ? "all" : "here", string.Join(' ', r["permissions"]!.AsArray().Select(p => p!.GetValue<string>())),
                ])]);
            return 0;
        });
        return command;
    }

    private static Command Set()
    {
        var name = new Argument<string>("name") { Description = "1–50 of a–z, 0–9 and _." };
        var permissions = new Option<string[]>("--permission") { Description = "May be repeated.", Arity = ArgumentArity.ZeroOrMore };
        var description = new Option<string>("--description") { DefaultValueFactory = _ => "" };
        var command = new Command("set", "Make a role, or replace what it allows.") { name, permissions, description };
        command.Act(async (parsed, client, cancel) =>
        {
            var (role, text) = (parsed.GetValue(name)!, parsed.GetValue(description));
            var content = new JsonObject { ["permissions"] = new JsonArray([.. (parsed.GetValue(permissions) ?? []).Select(p => (JsonNode)p)]), ["description"] = text };
            var known = (await client.Get("/roles", cancel))!["items"]!.AsArray().FirstOrDefault(r => Table.Cell(r, "name") == role);
            if (known is null)
            {
                content["name"] = role;
                await client.Post("/roles", content, cancel);
            }
            else
            {
                await client.Put($"/roles/{Uri.EscapeDataString(role)}", content, cancel, ("If-Match", $"\"{Table.Cell(known, "revision")}\""));
            }
            return 0;
        });
        return command;
    }

    private static Command Delete()
    {
        var name = new Argument<string>("name");
        var command = new Command("delete", "Delete a role that nobody has.") { name };
        command.Act(async (parsed, client, cancel) =>
        {
            await client.Delete($"/roles/{Uri.EscapeDataString(parsed.GetValue(name)!)}", cancel);
            return 0;
        });
        return command;
    }
}
