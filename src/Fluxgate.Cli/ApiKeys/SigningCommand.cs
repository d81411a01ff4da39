using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;

namespace Fluxgate.Cli.ApiKeys;

/// <summary>What an API key signs its requests with, and whether it has to.</summary>
internal static class SigningCommand
{
    public static Command Create() => new("signing", "What keys sign their requests with.") { List(), Add(), Remove(), Require() };

    private static Command List()
    {
        var prefix = ApiKeysCommand.Prefix();
        var json = OutputOption.Json();
        var command = new Command("list", "Signing keys of an API key.") { prefix, json };
        command.Act(async (parsed, client, cancel) =>
        {
            var id = await ApiKeysCommand.Id(client, parsed.GetValue(prefix)!, cancel);
            var keys = (await client.Get($"/api-keys/{id}/signing-keys", cancel))!["items"]!.AsArray();
            if (parsed.GetValue(json))
                Table.PrintJson(keys);
            else
                Table.Print(["KEYID", "ALGORITHM", "CREATED"], [.. keys.Select(k => (string[])[Table.Cell(k, "key_id"), Table.Cell(k, "algorithm"), Table.Time(k, "created_at")])]);
            return 0;
        });
        return command;
    }

    private static Command Add()
    {
        var prefix = ApiKeysCommand.Prefix();
        var publicKey = new Option<string?>("--ed25519") { Description = "File with the public key (PEM or Base64); without it a secret for HMAC-SHA-256 is made." };
        var command = new Command("add", "Give a key something to sign with: prints the signing secret, here and never again, or the keyid of the public key.") { prefix, publicKey };
        command.Act(async (parsed, client, cancel) =>
        {
            var id = await ApiKeysCommand.Id(client, parsed.GetValue(prefix)!, cancel);
            var file = parsed.GetValue(publicKey);
            var key = await client.Post($"/api-keys/{id}/signing-keys", new JsonObject
            {
                ["algorithm"] = file is null ? "hmac_sha256" : "ed25519",
                ["public_key"] = file is null ? null : await Text(file, cancel),
            }, cancel);
            Console.WriteLine(Table.Cell(key, file is null ? "secret" : "key_id"));
            return 0;
        });
        return command;
    }

    private static async Task<string> Text(string file, CancellationToken cancel)
    {
        try
        {
            return await File.ReadAllTextAsync(file, cancel);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException("file.unreadable", $"{file} cannot be read.");
        }
    }

    private static Command Remove()
    {
        var prefix = ApiKeysCommand.Prefix();
        var keyId = new Argument<string>("keyid") { Description = "The first 12 characters of the signing secret, or what add printed." };
        var command = new Command("remove", "Take no signature of this signing key any more.") { prefix, keyId };
        command.Act(async (parsed, client, cancel) =>
        {
            var id = await ApiKeysCommand.Id(client, parsed.GetValue(prefix)!, cancel);
            var name = parsed.GetValue(keyId);
            var key = (await client.Get($"/api-keys/{id}/signing-keys", cancel))!["items"]!.AsArray().FirstOrDefault(k => Table.Cell(k, "key_id") == name)
                ?? throw new CommandException("signing_key.not_found", $"The key has no signing key '{name}'.");
            await client.Delete($"/api-keys/{id}/signing-keys/{Table.Cell(key, "id")}", cancel);
            return 0;
        });
        return command;
    }

    private static Command Require()
    {
        var prefix = ApiKeysCommand.Prefix();
        var off = new Option<bool>("--off") { Description = "Leave it to the organization's policy again." };
        var command = new Command("require", "Take requests of the key only if they are signed.") { prefix, off };
        command.Act(async (parsed, client, cancel) =>
        {
            var id = await ApiKeysCommand.Id(client, parsed.GetValue(prefix)!, cancel);
            await client.Put($"/api-keys/{id}/signing", new JsonObject { ["required"] = !parsed.GetValue(off) }, cancel);
            return 0;
        });
        return command;
    }
}
