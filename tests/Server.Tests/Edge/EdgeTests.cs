using System.Net;
using System.Net.Sockets;
using System.Text;
using Fluxgate.Server.Tests.Hooks;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Edge;

public sealed class EdgeTests
{
    private static readonly (string, string) Proxy = ("edge:trusted_proxies:0", "127.0.0.1");

    private static async Task<FluxgateApplication> Production(params (string, string)[] settings)
    {
        var installation = await Installation.Get();
        var root = (await File.ReadAllTextAsync(Path.Combine(installation.DataDirectory, "root.key"))).Trim();
        return await installation.AnotherNode([("profile", "production"), ("vault:root_key", root), .. settings]);
    }

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    [Fact]
    public async Task FK04_Production_answers_https_alone_and_never_redirects()
    {
        await using var node = await Production(Proxy);
        var client = new TestClient(node.Address);
        foreach (var path in (string[])["/", "/v1/me", "/hooks/a/b", "/healthy", "/openapi/v1.json"])
            foreach (var said in (string[])["http", "http, https", "https, http", "ftp", ""])
                await client.Open(path, ("X-Forwarded-Proto", said)).Refuses(421, "https.required");
        await client.Get("/v1/me").Refuses(421, "https.required");
        Assert.Equal(200, (int)(await client.Get("/health/live")).StatusCode);
        await client.Open("/v1/me", ("X-Forwarded-Proto", "https")).Refuses(401, "session.missing");
        await using var alone = await Production();
        await new TestClient(alone.Address).Open("/v1/me", ("X-Forwarded-Proto", "https")).Refuses(421, "https.required");
    }

    [Fact]
    public async Task FB11_Security_headers_are_on_every_answer_errors_too_and_HSTS_on_https_alone()
    {
        await using var node = await (await Installation.Get()).AnotherNode(Proxy, ("edge:hsts_days", "2"), ("edge:hsts_subdomains", "false"));
        var client = new TestClient(node.Address);
        var malformed = await client.Post("/v1/auth/sign-in", new StringContent("{", Encoding.UTF8, "application/json"), ("X-Forwarded-Proto", "https"));
        Assert.Equal(400, (int)malformed.StatusCode);
        foreach (var answer in (HttpResponseMessage[])[malformed, await client.Open("/v1/none", ("X-Forwarded-Proto", "https"))])
        {
            Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
            Assert.Equal("default-src 'none'; frame-ancestors 'none'", Header(answer, "Content-Security-Policy"));
            Assert.Equal("max-age=172800", Header(answer, "Strict-Transport-Security"));
        }
        Assert.Null(Header(await client.Get("/v1/none"), "Strict-Transport-Security"));
        var installation = await Installation.Get();
        Assert.Null(Header(await installation.Client().Get("/health"), "Strict-Transport-Security"));
    }

    [Fact]
    public async Task F811_FK05_Pages_of_listed_origins_call_the_API_by_key_and_nothing_else()
    {
        const string listed = "https://app.example.com";
        await using var node = await (await Installation.Get()).AnotherNode(("edge:allowed_origins:0", listed), ("edge:preflight_seconds", "60"));
        var client = new TestClient(node.Address);
        Task<HttpResponseMessage> Ask(string path, string origin, string method = "GET") =>
            client.Send(HttpMethod.Options, path, null, ("Origin", origin), ("Access-Control-Request-Method", method));

        var preflight = await Ask("/v1/members", listed);
        Assert.Equal(
            (204, listed, "GET", "60", "Origin"),
            ((int)preflight.StatusCode, Header(preflight, "Access-Control-Allow-Origin"), Header(preflight, "Access-Control-Allow-Methods"), Header(preflight, "Access-Control-Max-Age"), Header(preflight, "Vary")));
        Assert.Equal(204, (int)(await Ask("/v1/orgs/any/groups", listed, "POST")).StatusCode);
        foreach (var (path, origin, method) in ((string, string, string)[])
        [
            ("/v1/members", "https://app.example.com.evil.test", "GET"), ("/v1/members", "https://evil-app.example.com", "GET"), ("/v1/members", "http://app.example.com", "GET"),
            ("/v1/members", "https://APP.example.com", "GET"), ("/v1/members", "null", "GET"), ("/v1/members", listed, "TRACE"), ("/v1/none", listed, "GET"),
            ("/hooks/a/b", listed, "POST"), ("/", listed, "GET"), ("/assets/x.js", listed, "GET"), ("/v1/audit-events", listed, "GET"), ("/health", listed, "GET"),
        ])
        {
            var refused = await Ask(path, origin, method);
            Assert.True(refused.StatusCode == HttpStatusCode.NotFound && Header(refused, "Access-Control-Allow-Origin") is null, $"{path} {origin} {method}: {(int)refused.StatusCode}");
        }
        // The answer can be read by the page that asked, errors too, and never with the browser's credentials.
        foreach (var answer in (HttpResponseMessage[])[preflight, await client.Open("/v1/members", ("Origin", listed)), await client.Post("/v1/auth/sign-in", new StringContent("{", Encoding.UTF8, "application/json"), ("Origin", listed))])
            Assert.Equal((listed, null), (Header(answer, "Access-Control-Allow-Origin"), Header(answer, "Access-Control-Allow-Credentials")));
        Assert.Null(Header(await client.Open("/v1/members", ("Origin", "https://evil.test")), "Access-Control-Allow-Origin"));
        var none = await Installation.Get();
        Assert.Equal(404, (int)(await none.Client().Send(HttpMethod.Options, "/v1/members", null, ("Origin", listed), ("Access-Control-Request-Method", "GET"))).StatusCode);
    }

    [Fact]
    public async Task F811_A_preflight_for_an_unsafe_request_has_no_effect_and_a_cookie_from_a_listed_origin_is_not_taken()
    {
        const string listed = "https://app.example.com";
        var installation = await Installation.Get();
        await using var node = await installation.AnotherNode(("edge:allowed_origins:0", listed));
        var owner = await installation.NewOrganization();
        var client = new TestClient(node.Address) { Cookie = owner.Client.Cookie, CsrfToken = owner.Client.CsrfToken };
        var path = $"/v1/orgs/{owner.Slug}/groups";
        var preflight = await client.Send(HttpMethod.Options, path, new { name = "made" }, ("Origin", listed), ("Access-Control-Request-Method", "POST"));
        Assert.Equal((204, ""), ((int)preflight.StatusCode, await preflight.Content.ReadAsStringAsync()));
        Assert.Equal(403, (int)(await client.Post(path, new { name = "made" }, ("Origin", listed))).StatusCode);
        Assert.Equal(0, (await owner.Get("/groups").Success()).GetProperty("items").GetArrayLength());
    }

    private const string Hook = "a hook that is there";

    [Theory]
    [InlineData("public", Hook)]
    [InlineData("public", "/v1/client/workflows/0/runs")]
    [InlineData("api", "/v1/me")]
    [InlineData("console", "/assets/none.js")]
    [InlineData("operator", "/v1/audit-events")]
    public async Task F828_A_surface_is_not_there_from_elsewhere(string surface, string path)
    {
        // An address that no hook has would be unknown from everywhere.
        var scene = await HookScene.New();
        var (installation, hook) = (scene.Installation, $"/hooks/{scene.Owner.Slug}/in");
        path = path == Hook ? hook : path;
        var (first, second) = (FreePort.On("127.0.0.1"), FreePort.On("127.0.0.1"));
        await using var node = await installation.AnotherNode(
            ("listen", $"http://127.0.0.1:{first};http://127.0.0.1:{second}"), Proxy,
            ($"surfaces:{surface}_port", $"{second}"), ($"surfaces:{surface}_networks:0", "203.0.113.0/24"));
        async Task<string> Answer(int port, string address, string at)
        {
            var answer = await new TestClient(new Uri($"http://127.0.0.1:{port}")).Send(surface == "public" ? HttpMethod.Post : HttpMethod.Get, at, null, ("X-Forwarded-For", address));
            return $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
        }
        static bool IsUnknown(string answer) => answer.StartsWith("404", StringComparison.Ordinal) && answer.Contains("route.not_found", StringComparison.Ordinal);
        foreach (var spelling in (string[])[path, path.ToUpperInvariant()])
        {
            Assert.True(IsUnknown(await Answer(first, "203.0.113.7", spelling)), spelling);
            Assert.True(IsUnknown(await Answer(second, "198.51.100.7", spelling)), spelling);
        }
        Assert.False(IsUnknown(await Answer(second, "203.0.113.7", path)));
        // The port is that surface's alone; probes are answered on each.
        Assert.True(IsUnknown(await Answer(second, "203.0.113.7", surface == "api" ? hook : "/v1/setup")));
        foreach (var port in (int[])[first, second])
            Assert.Equal(200, (int)(await new TestClient(new Uri($"http://127.0.0.1:{port}")).Get("/health")).StatusCode);
    }

    [Fact]
    public async Task Abuse18_A_packed_body_is_refused_unread()
    {
        var client = (await Installation.Get()).Client();
        foreach (var path in (string[])["/v1/auth/sign-in", "/hooks/a/b"])
            foreach (var encoding in (string[])["gzip", "br", "deflate", "identity, gzip", "GZIP"])
            {
                using var packed = new ByteArrayContent([0x1f, 0x8b, 8, 0]);
                packed.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
                await client.Post(path, packed).Refuses(415, "body.encoding");
            }
    }

    [Fact]
    public async Task Abuse18_A_slow_body_slow_headers_and_a_flood_of_headers_are_cut_off()
    {
        await using var node = await (await Installation.Get()).AnotherNode(
            ("http:min_body_bytes_per_second", "1000"), ("http:body_grace_seconds", "2"), ("http:header_seconds", "1"), ("http:max_headers", "20"),
            ("http:max_header_bytes", "4096"), ("http:max_request_line_bytes", "1024"));
        const string start = "POST /v1/auth/sign-in HTTP/1.1\r\nHost: x\r\n";
        await Task.WhenAll(
            Ends(start + "Content-Type: application/json\r\nContent-Length: 50000\r\n\r\n", "HTTP/1.1 408"),
            Ends(start, "HTTP/1.1 408"),
            Ends(start + string.Concat(Enumerable.Range(0, 30).Select(n => $"X-{n}: 1\r\n")) + "\r\n", "HTTP/1.1 431"),
            Ends(start + $"X-Long: {new string('a', 5000)}\r\n\r\n", "HTTP/1.1 431"),
            Ends($"GET /{new string('a', 2000)} HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 414"));

        async Task Ends(string request, string expected)
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            using var socket = new TcpClient();
            await socket.ConnectAsync(node.Address.Host, node.Address.Port, deadline.Token);
            var stream = socket.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request), deadline.Token);
            var answer = new StringBuilder();
            var drip = Drip(stream, request.Contains("Content-Length", StringComparison.Ordinal), deadline.Token);
            try
            {
                using var reader = new StreamReader(stream);
                answer.Append(await reader.ReadToEndAsync(deadline.Token));
            }
            catch (IOException)
            {
                // Reset instead of closed: ended all the same.
            }
            Assert.False(deadline.IsCancellationRequested);
            Assert.True(answer.Length == 0 || answer.ToString().StartsWith(expected, StringComparison.Ordinal), answer.ToString());
            await drip;
        }

        // The attack itself, for as long as the server takes it: 500 bytes a second, enough where no speed is set, and nothing
        // that JSON may not begin with.
        static async Task Drip(NetworkStream stream, bool drips, CancellationToken cancel)
        {
            var blanks = Encoding.ASCII.GetBytes(new string(' ', 100));
            try
            {
                while (drips)
                {
                    await stream.WriteAsync(blanks, cancel);
                    await Task.Delay(200, cancel);
                }
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
            {
            }
        }
    }
}
