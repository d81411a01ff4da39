using System.Net.Mime;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Egress;

namespace Fluxgate.Engine.Connections.Authentication;

/// <summary>A token as it was given. <paramref name="Lifetime"/> is the server's word, or five minutes if it gave none.</summary>
public sealed record IssuedToken(string Value, TimeSpan Lifetime)
{
    /// <summary>A token is replaced this long before its end, or in the last fifth of a short life.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    public string? RefreshToken { get; init; }

    public string? Scope { get; init; }

    /// <summary>When to ask for the next one, if this came at <paramref name="now"/>.</summary>
    public DateTimeOffset RefreshAt(DateTimeOffset now) => now + Lifetime - (Lifetime > Ahead * 5 ? Ahead : Lifetime / 5);
}

/// <summary>Asks an authorization server for a token, through the guard and to the credential's hosts alone.</summary>
public sealed partial class TokenEndpoint(EgressHttp egress, TimeProvider clock)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan UnsaidLifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(30);

    /// <summary>An error's code as RFC 6749, section 5.2 has them; anything else is not repeated, since it may hold anything.</summary>
    [GeneratedRegex("^[a-z_]{1,60}$")]
    private static partial Regex ErrorCode();

    [GeneratedRegex("^[\x21-\x7e]{1,16384}$")]
    private static partial Regex TokenText();

    /// <summary>
    /// A token by the client credentials grant (RFC 6749, section 4.4). Errors: those of <see cref="EgressHttp.Send"/>,
    /// <c>connector.discovery_failed</c>, <c>connector.sign_in_failed</c>, <c>connector.sign_in_unavailable</c>.
    /// </summary>
    internal async Task<Result<IssuedToken>> ClientCredentials(TokenSecret secret, IReadOnlyCollection<AllowedHost> hosts, EgressPolicy policy, EgressTls? tls, CancellationToken cancel)
    {
        var call = new Call(hosts, policy, tls);
        var address = secret.TokenUrl is { } typed ? new Uri(typed) : await TokenAddress(secret.Issuer!, call, cancel);
        if (address.Error is { } undiscovered)
            return undiscovered;
        var form = new List<(string Name, string? Value)> { ("grant_type", "client_credentials"), ("scope", secret.Scope), ("audience", secret.Audience) };
        switch (secret)
        {
            case ClientCredentialsSecret client:
                return await Ask(address.Value, form, (client.ClientId, client.ClientSecret, client.ClientAuthentication), call, cancel);
            case PrivateKeyJwtSecret client:
                form.AddRange([
                    ("client_id", client.ClientId), ("client_assertion_type", ClientAssertion.Type),
                    ("client_assertion", ClientAssertion.Sign(client, address.Value.AbsoluteUri, clock))]);
                return await Ask(address.Value, form, null, call, cancel);
            default:
                throw new InvalidOperationException($"A credential of type {secret.Type} gets no token by itself.");
        }
    }

    private async Task<Result<IssuedToken>> Ask(
        Uri address, List<(string Name, string? Value)> form, (string Id, string? Secret, ClientSecretPlace Place)? client, Call call, CancellationToken cancel)
    {
        var answer = await Post(address, form, client, call, cancel);
        return answer.Error is { } failed ? failed : Read(answer.Value);
    }

    /// <summary>A form, with the client's proof where it has its place; a client without a secret tells its name.</summary>
    private async Task<Result<EgressResponse>> Post(
        Uri address, List<(string Name, string? Value)> form, (string Id, string? Secret, ClientSecretPlace Place)? client, Call call, CancellationToken cancel)
    {
        var headers = new List<(string, string)> { ("Accept", MediaTypeNames.Application.Json), ("User-Agent", "Fluxgate"), ("Content-Type", MediaTypeNames.Application.FormUrlEncoded) };
        if (client is { Secret: { } secret, Place: ClientSecretPlace.ClientSecretBasic } basic)
            headers.Add(("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Encode(basic.Id)}:{Encode(secret)}"))}"));
        else if (client is { } post)
            form.AddRange([("client_id", post.Id), ("client_secret", post.Secret)]);
        var body = string.Join('&', form.Where(f => f.Value is not null).Select(f => $"{Encode(f.Name)}={Encode(f.Value!)}"));
        return await egress.Send(call.Request(HttpMethod.Post, address, headers, Encoding.ASCII.GetBytes(body)), cancel);
    }

    private sealed record Call(IReadOnlyCollection<AllowedHost> Hosts, EgressPolicy Policy, EgressTls? Tls)
    {
        // No redirect is followed: a secret is in the request.
        public EgressRequest Request(HttpMethod method, Uri address, IReadOnlyList<(string, string)> headers, byte[]? body) =>
            new(method, address, headers, body, Limit, Hosts) { Policy = Policy, Tls = Tls };
    }

    /// <summary>OpenID Connect Discovery 1.0, section 4; the document must name the issuer that was asked (section 4.3).</summary>
    private async Task<Result<JsonElement>> Discover(string issuer, Call call, CancellationToken cancel)
    {
        var address = new Uri($"{issuer.TrimEnd('/')}/.well-known/openid-configuration");
        var answer = await egress.Send(call.Request(HttpMethod.Get, address, [("Accept", MediaTypeNames.Application.Json), ("User-Agent", "Fluxgate")], null), cancel);
        if (answer.Error is { } failed)
            return failed;
        if (answer.Value.Status != 200 || Parse(answer.Value.Body) is not { } document)
            return Undiscovered(address.Host, $"its description answered {answer.Value.Status} or is no JSON");
        if (Text(document, "issuer") != issuer)
            return Undiscovered(address.Host, "its description names another issuer");
        return document;
    }

    private async Task<Result<Uri>> TokenAddress(string issuer, Call call, CancellationToken cancel)
    {
        var document = await Discover(issuer, call, cancel);
        return document.Error is { } failed ? failed : Named(document.Value, "token_endpoint") is { } endpoint ? endpoint : Undiscovered(new Uri(issuer).Host, "its description names no token endpoint");
    }

    private static Uri? Named(JsonElement document, string name) =>
        Uri.TryCreate(Text(document, name), UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp) ? address : null;

    private static Result<IssuedToken> Read(EgressResponse answer)
    {
        var host = answer.Address.Host;
        var document = Parse(answer.Body);
        if (answer.Status is 408 or 429 or >= 500)
            return new Error("connector.sign_in_unavailable", ErrorKind.Unavailable, $"The authorization server at {host} answered {answer.Status}.");
        if (answer.Status != 200 || document is not { } found)
            return Refused(host, document is { } said && Text(said, "error") is { } code && ErrorCode().IsMatch(code) ? code : $"status {answer.Status}");
        if (Text(found, "access_token") is not { } token || !TokenText().IsMatch(token))
            return Refused(host, "no access token in its answer");
        if (!"bearer".Equals(Text(found, "token_type"), StringComparison.OrdinalIgnoreCase))
            return Refused(host, "a token of another type than bearer");
        var seconds = found.TryGetProperty("expires_in", out var life) && life.ValueKind == JsonValueKind.Number && life.TryGetInt64(out var given) ? given : (long)UnsaidLifetime.TotalSeconds;
        return new IssuedToken(token, TimeSpan.FromSeconds(Math.Clamp(seconds, 0, (long)LongestLifetime.TotalSeconds)))
        {
            RefreshToken = Text(found, "refresh_token") is { } refresh && TokenText().IsMatch(refresh) ? refresh : null,
            Scope = Text(found, "scope") is { Length: <= 2000 } scope && StorableText.Is(scope) ? scope : null,
        };
    }

    private static JsonElement? Parse(byte[] body)
    {
        try
        {
            var document = JsonElement.Parse(body);
            return document.ValueKind == JsonValueKind.Object ? document : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement document, string name) =>
        document.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>application/x-www-form-urlencoded, also for the parts of client_secret_basic (RFC 6749, section 2.3.1).</summary>
    private static string Encode(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);

    private static Error Refused(string host, string why) =>
        Error.Refused("connector.sign_in_failed", $"The authorization server at {host} gave no token: {why}.");

    private static Error Undiscovered(string host, string why) =>
        Error.Refused("connector.discovery_failed", $"The authorization server at {host} could not be asked for its endpoints: {why}.");
}
