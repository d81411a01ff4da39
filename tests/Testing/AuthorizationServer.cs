using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Fluxgate.Testing;

/// <summary>
/// Plays authorization servers on 127.0.0.2, one issuer for each test, as strict as a real one: it checks how clients prove
/// themselves, PKCE, redirect addresses, single use of codes, and rotates refresh tokens.
/// </summary>
public sealed class AuthorizationServer : IAsyncDisposable
{
    private readonly WebApplication web;
    private readonly ConcurrentDictionary<string, AuthorizationIssuer> issuers = new(StringComparer.Ordinal);

    private AuthorizationServer(WebApplication web) => this.web = web;

    public Uri Address => new(web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>What an installation needs to reach it, beside a stub.</summary>
    public (string Key, string Value) EgressSetting => ("egress:allow:1", $"127.0.0.2/32:{Address.Port}");

    public static async Task<AuthorizationServer> Start()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(k => k.Listen(IPAddress.Parse("127.0.0.2"), 0));
        var web = builder.Build();
        var server = new AuthorizationServer(web);
        web.Run(server.Answer);
        await web.StartAsync();
        return server;
    }

    public AuthorizationIssuer NewIssuer()
    {
        var name = Guid.NewGuid().ToString("N");
        return issuers[name] = new AuthorizationIssuer(new Uri(Address, name).AbsoluteUri);
    }

    private async Task Answer(HttpContext context)
    {
        var parts = context.Request.Path.Value!.Split('/', 3);
        if (parts.Length < 3 || !issuers.TryGetValue(parts[1], out var issuer))
        {
            context.Response.StatusCode = 404;
            return;
        }
        await issuer.Answer(context, parts[2]);
    }

    public async ValueTask DisposeAsync()
    {
        await web.StopAsync(new CancellationToken(canceled: true));
        await web.DisposeAsync();
    }
}

/// <summary>One issuer with one client.</summary>
public sealed class AuthorizationIssuer(string issuer)
{
    private readonly Lock turn = new();
    private readonly HashSet<string> valid = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Redirect, string Challenge, string Scope)> codes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> families = new(StringComparer.Ordinal);
    private readonly HashSet<string> spent = new(StringComparer.Ordinal);
    private readonly HashSet<string> ended = new(StringComparer.Ordinal);
    private readonly HashSet<string> usedAssertions = new(StringComparer.Ordinal);
    private readonly List<IReadOnlyDictionary<string, string>> tokenRequests = [];

    public string Issuer => issuer;

    public string TokenEndpoint => issuer + "/token";

    public string ClientId { get; init; } = "flux gate:client";

    public string ClientSecret { get; init; } = "s3cr3t/+%:value-0123456789";

    /// <summary>client_secret_basic, client_secret_post, private_key_jwt or none; another way is refused.</summary>
    public string Method { get; set; } = "client_secret_basic";

    /// <summary>Verifies assertions.</summary>
    public Func<byte[], byte[], bool>? VerifyAssertion { get; set; }

    public int? Lifetime { get; set; } = 3600;

    /// <summary>What its description says of itself; another issuer here is a mix-up.</summary>
    public string? Claimed { get; set; }

    /// <summary>The only address that it sends browsers back to; any, once, if it is null.</summary>
    public string? Redirect { get; set; }

    /// <summary>Answers of the token endpoint instead of its own, for a while.</summary>
    public int? TokenStatus { get; set; }

    /// <summary>The token endpoint waits for this.</summary>
    public Task? Held { get; set; }

    public IReadOnlyList<IReadOnlyDictionary<string, string>> TokenRequests
    {
        get
        {
            lock (turn)
                return [.. tokenRequests];
        }
    }

    public bool IsValid(string accessToken)
    {
        lock (turn)
            return valid.Contains(accessToken);
    }

    /// <summary>Every token given so far is worth nothing any more.</summary>
    public void ForgetTokens()
    {
        lock (turn)
            valid.Clear();
    }

    internal async Task Answer(HttpContext context, string path)
    {
        switch (path)
        {
            case ".well-known/openid-configuration":
                await Write(context, 200, new
                {
                    issuer = Claimed ?? issuer, token_endpoint = TokenEndpoint, authorization_endpoint = issuer + "/authorize", revocation_endpoint = issuer + "/revoke",
                    authorization_response_iss_parameter_supported = true,
                });
                return;
            case "token" when context.Request.Method == "POST" && context.Request.HasFormContentType:
                await Token(context, (await context.Request.ReadFormAsync()).ToDictionary(f => f.Key, f => f.Value.ToString(), StringComparer.Ordinal));
                return;
            case "revoke" when context.Request.Method == "POST" && context.Request.HasFormContentType:
                var form = (await context.Request.ReadFormAsync()).ToDictionary(f => f.Key, f => f.Value.ToString(), StringComparer.Ordinal);
                context.Response.StatusCode = IsClient(context.Request.Headers.Authorization.ToString(), form) ? 200 : 401;
                if (context.Response.StatusCode == 200)
                    End(form.GetValueOrDefault("token") ?? "");
                return;
            default:
                context.Response.StatusCode = 404;
                return;
        }
    }

    /// <summary>
    /// What a browser is answered whose person agrees: the address with code, state and issuer that it is sent back to.
    /// An authorization request that lacks anything is an exception.
    /// </summary>
    public Uri Consent(string authorizationUrl)
    {
        var address = new Uri(authorizationUrl);
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(address.Query).ToDictionary(q => q.Key, q => q.Value.Single()!, StringComparer.Ordinal);
        string Needed(string name) => query.GetValueOrDefault(name) is { Length: > 0 } value ? value : throw new InvalidOperationException($"The authorization request has no {name}.");
        if (address.GetLeftPart(UriPartial.Path) != issuer + "/authorize" || Needed("response_type") != "code" || Needed("client_id") != ClientId || Needed("code_challenge_method") != "S256")
            throw new InvalidOperationException("The authorization request is not one for this client by code and S256.");
        if (Needed("code_challenge").Length != 43 || Needed("redirect_uri") != (Redirect ??= Needed("redirect_uri")))
            throw new InvalidOperationException("The challenge or the redirect address is not right.");
        var code = "code-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        lock (turn)
            codes[code] = (Redirect, Needed("code_challenge"), query.GetValueOrDefault("scope") ?? "");
        return new Uri($"{Redirect}?code={code}&state={Uri.EscapeDataString(Needed("state"))}&iss={Uri.EscapeDataString(issuer)}");
    }

    /// <summary>Ends a connection by any of its refresh tokens, and all its access tokens.</summary>
    public void EndAll()
    {
        lock (turn)
        {
            foreach (var family in families.Values)
                ended.Add(family);
            valid.Clear();
        }
    }

    /// <summary>Refresh tokens that were used twice: what only a client with a race does.</summary>
    public int Reuses { get; private set; }

    private void End(string token)
    {
        lock (turn)
        {
            valid.Clear();
            if (families.TryGetValue(token, out var family))
                ended.Add(family);
        }
    }

    /// <summary>A code is good once, for its redirect address and the verifier of its challenge (RFC 7636, section 4.6).</summary>
    private (string Refresh, string Scope)? Redeem(Dictionary<string, string> form)
    {
        lock (turn)
        {
            if (!codes.Remove(form.GetValueOrDefault("code") ?? "", out var asked) || form.GetValueOrDefault("redirect_uri") != asked.Redirect)
                return null;
            var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form.GetValueOrDefault("code_verifier") ?? "")));
            return challenge == asked.Challenge ? (NewRefresh(Guid.NewGuid().ToString()), asked.Scope) : null;
        }
    }

    /// <summary>Rotates; a token that was spent before ends the connection (RFC 9700, section 4.14.2).</summary>
    private string? Rotate(string token)
    {
        lock (turn)
        {
            if (!families.TryGetValue(token, out var family) || ended.Contains(family))
                return null;
            if (spent.Add(token))
                return NewRefresh(family);
            Reuses++;
            ended.Add(family);
            return null;
        }
    }

    private string NewRefresh(string family)
    {
        var token = "rt-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        families[token] = family;
        return token;
    }

    private async Task Token(HttpContext context, Dictionary<string, string> form)
    {
        lock (turn)
            tokenRequests.Add(form);
        if (Held is { } held)
            await held.WaitAsync(context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (TokenStatus is { } status)
            await Write(context, status, new { error = "temporarily_unavailable", error_description = ClientSecret });
        else if (!IsClient(context.Request.Headers.Authorization.ToString(), form))
            await Write(context, 401, new { error = "invalid_client", error_description = $"{ClientSecret} is not it" });
        else if (form.GetValueOrDefault("grant_type") == "authorization_code")
            await (Redeem(form) is { } redeemed ? WriteAccount(context, redeemed.Refresh, redeemed.Scope) : Write(context, 400, new { error = "invalid_grant" }));
        else if (form.GetValueOrDefault("grant_type") == "refresh_token")
            await (Rotate(form.GetValueOrDefault("refresh_token") ?? "") is { } next ? WriteAccount(context, next, null) : Write(context, 400, new { error = "invalid_grant" }));
        else if (form.GetValueOrDefault("grant_type") != "client_credentials")
            await Write(context, 400, new { error = "unsupported_grant_type" });
        else
            await Write(context, 200, new Dictionary<string, object?> { ["access_token"] = NewToken(), ["token_type"] = "Bearer", ["expires_in"] = Lifetime });
    }

    private Task WriteAccount(HttpContext context, string refresh, string? scope) =>
        Write(context, 200, new Dictionary<string, object?> { ["access_token"] = NewToken(), ["token_type"] = "bearer", ["expires_in"] = Lifetime, ["refresh_token"] = refresh, ["scope"] = scope });

    private string NewToken()
    {
        var token = "at-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        lock (turn)
            valid.Add(token);
        return token;
    }

    private bool IsClient(string authorization, Dictionary<string, string> form) => Method switch
    {
        // RFC 6749, section 2.3.1: both parts are form-encoded before they are joined.
        "client_secret_basic" => !form.ContainsKey("client_secret") && authorization.StartsWith("Basic ", StringComparison.Ordinal)
            && Encoding.UTF8.GetString(Convert.FromBase64String(authorization[6..])).Split(':') is [var id, var secret]
            && WebUtility.UrlDecode(id) == ClientId && WebUtility.UrlDecode(secret) == ClientSecret,
        "client_secret_post" => authorization.Length == 0 && form.GetValueOrDefault("client_id") == ClientId && form.GetValueOrDefault("client_secret") == ClientSecret,
        "none" => authorization.Length == 0 && !form.ContainsKey("client_secret") && form.GetValueOrDefault("client_id") == ClientId,
        "private_key_jwt" => authorization.Length == 0 && !form.ContainsKey("client_secret") && IsAssertion(form),
        _ => false,
    };

    /// <summary>RFC 7523, section 3.</summary>
    private bool IsAssertion(Dictionary<string, string> form)
    {
        if (form.GetValueOrDefault("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" || form.GetValueOrDefault("client_assertion")?.Split('.') is not [var header, var claims, var signature])
            return false;
        if (VerifyAssertion?.Invoke(Encoding.ASCII.GetBytes($"{header}.{claims}"), Base64Url.DecodeFromChars(signature)) != true)
            return false;
        var said = JsonElement.Parse(Base64Url.DecodeFromChars(claims));
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        lock (turn)
            return said.GetProperty("iss").GetString() == ClientId && said.GetProperty("sub").GetString() == ClientId
                && said.GetProperty("aud").GetString() == TokenEndpoint
                && said.GetProperty("exp").GetInt64() is var end && end > now && end < now + 600
                && usedAssertions.Add(said.GetProperty("jti").GetString()!);
    }

    private static Task Write(HttpContext context, int status, object body)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(body);
    }
}
