using System.Text.Json.Nodes;
using Fluxgate.Cli.ApiKeys;
using Fluxgate.Cli.Connection;
using Fluxgate.Client;

namespace Fluxgate.Cli.Access;

/// <summary>People say addresses, group names and key prefixes; the API says ids.</summary>
internal static class Subjects
{
    /// <summary>A grant such as <c>member:ada@example.com=view,edit</c>, <c>group:finance=run</c>, <c>key:fgl_12345678=view</c> or <c>service:importer=use</c>.</summary>
    public static async Task<JsonObject> Grant(FluxgateClient client, string text, CancellationToken cancel)
    {
        var (colon, equals) = (text.IndexOf(':', StringComparison.Ordinal), text.LastIndexOf('=') is var at && at > 0 ? at : text.Length);
        if (colon <= 0 || equals <= colon || equals == text.Length)
            throw new CommandException("access.grant", $"A grant is one such as group:finance=view,run; this is '{text}'.");
        var rights = text[(equals + 1)..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new JsonObject
        {
            ["subject"] = await Find(client, text[..colon], text[(colon + 1)..equals], cancel),
            ["rights"] = new JsonArray([.. rights.Select(r => (JsonNode)r)]),
        };
    }

    public static async Task<string> Member(FluxgateClient client, string email, CancellationToken cancel) =>
        await NamedResources.Find(client, "/members", "email", email, cancel) is { } member
            ? Table.Cell(member, "user_id")
            : throw new CommandException("member.not_found", $"No member has the address '{email}'.");

    private static async Task<JsonObject> Find(FluxgateClient client, string kind, string name, CancellationToken cancel)
    {
        var (subject, id, found) = kind switch
        {
            "member" => ("member", "user_id", await NamedResources.Find(client, "/members", "email", name, cancel)),
            "group" => ("group", "id", await NamedResources.Find(client, "/groups", "name", name, cancel)),
            "key" => ("api_key", "id", await ApiKeysCommand.Find(client, name, cancel)),
            "service" => ("service_account", "id", await NamedResources.Find(client, "/service-accounts", "name", name, cancel)),
            _ => throw new CommandException("access.grant", "A grant goes to member:, group:, key: or service:."),
        };
        return found is null
            ? throw new CommandException("access.unknown_subject", $"There is no {kind} '{name}'.")
            : new JsonObject { ["kind"] = subject, ["id"] = Table.Cell(found, id) };
    }
}
