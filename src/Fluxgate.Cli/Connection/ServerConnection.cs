using Fluxgate.Client;

namespace Fluxgate.Cli.Connection;

/// <summary>Which server, with which key: options before <c>FLUXGATE_URL</c>, <c>FLUXGATE_API_KEY</c> and <c>FLUXGATE_SIGNING_SECRET</c> before the stored login.</summary>
internal static class ServerConnection
{
    public const string UrlVariable = "FLUXGATE_URL";
    public const string ApiKeyVariable = "FLUXGATE_API_KEY";
    public const string SigningSecretVariable = "FLUXGATE_SIGNING_SECRET";

    public static FluxgateClient Open()
    {
        var url = Variable(UrlVariable);
        var key = Variable(ApiKeyVariable);
        var stored = url is null || key is null ? StoredLogin.Load() : null;
        // A stored key goes only to the server that it was entered for.
        if (key is null && url is not null && stored is not null && Address(url) != Address(stored.Url))
            throw new CommandException("login.other_server", $"The stored login is for {stored.Url}; set {ApiKeyVariable} too, or log in to {url}.");
        url ??= stored?.Url;
        // A stored signing secret belongs to the stored key.
        var secret = Variable(SigningSecretVariable) ?? (key is null ? stored?.SigningSecret : null);
        key ??= stored?.ApiKey;
        return url is not null && key is not null
            ? new FluxgateClient(Address(url), key, Signer(secret))
            : throw new CommandException("login.missing", $"Run fluxgate login first, or set {UrlVariable} and {ApiKeyVariable}.");
    }

    /// <summary>What signs every request, if there is a secret.</summary>
    public static RequestSigner? Signer(string? secret) => secret is null ? null : secret.StartsWith("fgs_", StringComparison.Ordinal)
        ? new RequestSigner(secret)
        : throw new CommandException("login.signing_secret", "A signing secret begins with fgs_.");

    /// <summary>Which server, for what needs no key.</summary>
    public static Uri Server(string? url) => (url ?? Variable(UrlVariable) ?? StoredLogin.Load()?.Url) is { } found
        ? Address(found)
        : throw new CommandException("login.missing", $"Name the server by --url or {UrlVariable}.");

    /// <summary>An https address, or http on this machine: a key does not go through a network in the clear.</summary>
    public static Uri Address(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0)
            throw new CommandException("login.url", "The server's address is one such as https://fluxgate.example.");
        if (address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback)
            throw new CommandException("login.insecure", "Plain http would show the key to the network; the address begins with https://.");
        return new Uri(address.GetLeftPart(UriPartial.Authority));
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
