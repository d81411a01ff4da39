using System.CommandLine;
using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;
using Fluxgate.Client;

namespace Fluxgate.Cli.Credentials;

internal static class SetCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "Name of the credential." };
    private static readonly Option<string> Type = new Option<string>("--type") { Description = "What the secret is of.", Required = true }.AcceptOnlyFromAmong("api_key", "bearer", "basic", "hmac", "standard_webhooks", "oidc_client_credentials", "private_key_jwt", "aws_sigv4", "mtls", "postgresql", "smtp", "imap");
    private static readonly Option<string[]> Hosts = new("--allowed-host") { Description = "Host that the secret may go to, as host, host:port or *.suffix; may stand several times. Needed for a new credential." };
    private static readonly Option<string?> Description = new("--description") { Description = "What it is for." };
    private static readonly Option<string?> Username = new("--username") { Description = "With --type basic: the user name." };
    private static readonly Option<string> Place = new Option<string>("--in") { Description = "With --type api_key: where the key goes.", DefaultValueFactory = _ => "header" }.AcceptOnlyFromAmong("header", "query");
    private static readonly Option<string> KeyName = new("--key-name") { Description = "With --type api_key: name of the header or parameter.", DefaultValueFactory = _ => "X-API-Key" };
    private static readonly Option<string?> Prefix = new("--key-prefix") { Description = "With --type api_key: what stands before the key in the header." };

    public static Command Create()
    {
        var command = new Command("set", "Create a credential or replace its secret, which is read from standard input or typed unseen. A type of several values (oidc_client_credentials, private_key_jwt, aws_sigv4, mtls, postgresql, smtp, imap) takes them as a JSON object on standard input.")
        {
            Name, Type, Hosts, Description, Username, Place, KeyName, Prefix,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(Type) == "basic" && string.IsNullOrEmpty(result.GetValue(Username)))
                result.AddError("--type basic needs --username.");
        });
        command.Act(Set);
        return command;
    }

    private static async Task<int> Set(ParseResult parsed, FluxgateClient client, CancellationToken cancel)
    {
        var name = parsed.GetValue(Name)!;
        var hosts = parsed.GetValue(Hosts) is { Length: > 0 } given ? new JsonArray([.. given.Select(h => (JsonNode)h)]) : null;
        var existing = await NamedResources.Find(client, "/credentials", "name", name, cancel, StringComparison.Ordinal);
        if (existing is null && hosts is null)
            throw new CommandException("credential.hosts_missing", "A new credential needs --allowed-host.");
        if (existing is not null && Table.Cell(existing, "type") != parsed.GetValue(Type))
            throw new CommandException("credential.type", $"The credential '{name}' is of type {Table.Cell(existing, "type")}, which stays.");
        var body = new JsonObject { ["allowed_hosts"] = hosts ?? existing!["allowed_hosts"]!.DeepClone(), ["secret"] = await Secret(parsed, cancel) };
        if (parsed.GetValue(Description) is { } description)
            body["description"] = description;
        if (existing is null)
        {
            body["name"] = name;
            body["type"] = parsed.GetValue(Type);
            await client.Post("/credentials", body, cancel);
            Console.WriteLine($"created {name}");
            return 0;
        }
        body["description"] ??= existing["description"]!.DeepClone();
        var updated = await client.Put($"/credentials/{existing["id"]}", body, cancel, ("If-Match", $"\"{existing["version"]}\""));
        Console.WriteLine($"replaced {name}, secret version {Table.Cell(updated, "secret_version")}");
        return 0;
    }

    private static async Task<JsonObject> Secret(ParseResult parsed, CancellationToken cancel)
    {
        switch (parsed.GetValue(Type))
        {
            case "bearer":
                return new JsonObject { ["token"] = SecretInput.Read("token") };
            case "basic":
                return new JsonObject { ["username"] = parsed.GetValue(Username), ["password"] = SecretInput.Read("password") };
            case "hmac" or "standard_webhooks":
                return new JsonObject { ["secret"] = SecretInput.Read("secret") };
            case not "api_key":
                return await JsonInput.Read("-", cancel) as JsonObject ?? throw new CommandException("secret.missing", "There is no JSON object with the secret's values on standard input.");
            default:
                var secret = new JsonObject { ["in"] = parsed.GetValue(Place), ["name"] = parsed.GetValue(KeyName), ["value"] = SecretInput.Read("key") };
                if (parsed.GetValue(Prefix) is { } prefix)
                    secret["prefix"] = prefix;
                return secret;
        }
    }
}
