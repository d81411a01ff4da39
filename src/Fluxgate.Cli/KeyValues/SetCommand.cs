using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.KeyValues;

internal static class SetCommand
{
    private static readonly Option<string?> Value = new("--value") { Description = "The value as JSON. Without it, and for a secret always, it is read from standard input: JSON, or the secret's text." };
    private static readonly Option<string[]> Hosts = new("--allowed-host") { Description = "For a secret: host that it may be sent to, as host, host:port or *.suffix; may stand several times." };

    public static Command Create()
    {
        var (key, place, version, life) = (KvPath.Key(), new KvPath.PlaceOptions(), KvPath.Version(), KvPath.TimeToLive());
        var command = new Command("set", "Write an entry.") { key, Value, life, version, Hosts };
        place.AddTo(command);
        command.Act(async (parsed, client, cancel) =>
        {
            var name = parsed.GetValue(key)!;
            var isSecret = name.StartsWith("secret:", StringComparison.Ordinal);
            if (isSecret && parsed.GetValue(Value) is not null)
                throw new CommandException("secret.in_argument", "Arguments are for everybody on the machine to read; give a secret on standard input.");
            var body = new JsonObject { ["value"] = isSecret ? SecretInput.Read("secret") : await Read(parsed.GetValue(Value), cancel) };
            if (parsed.GetValue(life) is { } seconds)
                body["ttl_seconds"] = seconds;
            if (parsed.GetValue(Hosts) is { Length: > 0 } hosts)
                body["allowed_hosts"] = new JsonArray([.. hosts.Select(h => (JsonNode)h)]);
            var path = await KvPath.Of(client, parsed, place, name, cancel);
            var written = await client.Put(path, body, cancel, KvPath.IfMatch(parsed.GetValue(version)));
            Console.WriteLine($"set {Table.OneLine(name)}, version {Table.Cell(written, "version")}");
            return 0;
        });
        return command;
    }

    private static async Task<JsonNode?> Read(string? argument, CancellationToken cancel)
    {
        if (argument is null)
            return await JsonInput.Read("-", cancel);
        try
        {
            return JsonNode.Parse(argument);
        }
        catch (JsonException)
        {
            throw new CommandException("input.malformed", "--value is not JSON; text stands in quotes, as '\"text\"'.");
        }
    }
}
