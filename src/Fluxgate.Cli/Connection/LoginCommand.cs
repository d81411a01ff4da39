using System.CommandLine;
using Fluxgate.Client;

namespace Fluxgate.Cli.Connection;

internal static class LoginCommand
{
    public static Command Create()
    {
        var url = new Option<string?>("--url") { Description = $"Address of the server, such as https://fluxgate.example. Default: {ServerConnection.UrlVariable}." };
        var apiKey = new Option<string?>("--api-key")
        {
            Description = $"API key. Default: {ServerConnection.ApiKeyVariable}, else it is read from standard input, where other users of this machine cannot see it.",
        };
        var signed = new Option<bool>("--signed")
        {
            Description = $"Sign every request. The signing secret is {ServerConnection.SigningSecretVariable}, else it is read from standard input after the key.",
        };
        var command = new Command("login", "Check an API key and keep it for the other commands.") { url, apiKey, signed };
        command.ActLocally(async (parsed, cancel) =>
        {
            var address = ServerConnection.Address(parsed.GetValue(url) ?? Environment.GetEnvironmentVariable(ServerConnection.UrlVariable)
                ?? throw new CommandException("login.url_missing", $"Name the server with --url or {ServerConnection.UrlVariable}."));
            var key = parsed.GetValue(apiKey) ?? Environment.GetEnvironmentVariable(ServerConnection.ApiKeyVariable) ?? SecretInput.Read("API key");
            var secret = Environment.GetEnvironmentVariable(ServerConnection.SigningSecretVariable) is { Length: > 0 } given ? given : parsed.GetValue(signed) ? SecretInput.Read("Signing secret").Trim() : null;
            var organization = await Check(address, key.Trim(), secret, cancel);
            var file = new StoredLogin(address.AbsoluteUri, key.Trim(), secret).Save();
            Console.WriteLine($"Logged in to {address.AbsoluteUri}{(organization is null ? "" : $" for {Table.OneLine(organization)}")}; kept in {file}.");
            return 0;
        });
        return command;
    }

    /// <summary>The organization's name; null if the key holds but may not read it, which is no fault of the key.</summary>
    private static async Task<string?> Check(Uri address, string key, string? secret, CancellationToken cancel)
    {
        using var client = new FluxgateClient(address, key, ServerConnection.Signer(secret));
        try
        {
            return (await client.Get("/organization", cancel))?["name"]?.GetValue<string>();
        }
        catch (FluxgateException e) when (e.Code == "permission.missing")
        {
            return null;
        }
    }
}
