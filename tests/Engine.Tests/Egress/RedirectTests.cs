using System.Net;
using System.Text;
using Fluxgate.Egress;

namespace Fluxgate.Engine.Tests.Egress;

/// <summary>Abuse case 6: redirects, which are followed by hand and judged hop by hop.</summary>
public sealed class RedirectTests
{
    private const string Secret = "tok-0123456789";

    private static EgressHttp Http(params string[] allow)
    {
        var options = new EgressOptions { Allow = [.. allow] };
        return new EgressHttp(
            options,
            new GuardedDialer(EgressGuard.ForThisMachine(options, TimeProvider.System), (host, _) => Task.FromResult<IPAddress[]>([host == "inside.test" ? IPAddress.Loopback : IPAddress.Parse("127.0.0.2")])),
            requireHttps: false, TimeProvider.System);
    }

    private static EgressRequest Request(OutsideServer outside, HttpMethod? method = null) => new(
        method ?? HttpMethod.Get, new Uri($"http://first.test:{outside.Port}/start"),
        [("Authorization", $"Bearer {Secret}"), ("X-Own-Key", Secret), ("Idempotency-Key", Secret), ("Accept", "application/json"), ("Content-Type", "text/plain")],
        method == HttpMethod.Get || method is null ? null : Encoding.ASCII.GetBytes("leaves"), TimeSpan.FromSeconds(20),
        [AllowedHost.TryParse("first.test", out var host) ? host : throw new InvalidOperationException()])
    {
        Policy = EgressPolicy.Open, MaxRedirects = 5,
    };

    /// <summary>Answers <c>/start</c> with a redirect, anything else with 200.</summary>
    private static OutsideServer Redirecting(string status, Func<string> location) => new(head =>
        head.Split(' ')[1] == "/start" ? OutsideServer.Answer($"{status}\r\nlocation: {location()}") : OutsideServer.Answer("200 OK", "there"));

    [Fact]
    public async Task A_redirect_on_the_same_origin_is_followed_with_everything()
    {
        await using var outside = Redirecting("307 Temporary Redirect", () => "../end?x=1");
        using var http = Http(outside.Allowance);
        var answer = (await http.Send(Request(outside, HttpMethod.Put), CancellationToken.None)).Value;
        Assert.Equal((200, "/end?x=1"), (answer.Status, answer.Address.PathAndQuery));
        var last = outside.Requests.Last();
        Assert.StartsWith("PUT /end?x=1 ", last, StringComparison.Ordinal);
        Assert.Contains($"Authorization: Bearer {Secret}", last, StringComparison.Ordinal);
        Assert.Contains("Content-Length: 6", last, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("second.test")]
    [InlineData("127.0.0.2")]
    [InlineData("first.test.second.test")]
    public async Task Abuse06_A_redirect_to_another_host_takes_no_credential_along(string host)
    {
        OutsideServer? outside = null;
        await using var first = outside = Redirecting("307 Temporary Redirect", () => $"http://{host}:{outside!.Port}/end");
        using var http = Http(first.Allowance);
        Assert.Equal(200, (await http.Send(Request(first), CancellationToken.None)).Value.Status);
        Assert.Contains(Secret, first.Requests.First(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, first.Requests.Last(), StringComparison.Ordinal);
        Assert.Contains("Accept: application/json", first.Requests.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Abuse06_A_redirect_to_another_port_takes_no_credential_along_and_gives_none_back()
    {
        OutsideServer? first = null;
        await using var second = new OutsideServer(_ => OutsideServer.Answer($"302 Found\r\nlocation: http://first.test:{first!.Port}/end"));
        await using var outside = first = Redirecting("302 Found", () => $"http://first.test:{second.Port}/middle");
        using var http = Http(outside.Allowance, second.Allowance);
        Assert.Equal(200, (await http.Send(Request(outside), CancellationToken.None)).Value.Status);
        Assert.DoesNotContain(Secret, Assert.Single(second.Requests), StringComparison.Ordinal);
        Assert.Equal(2, outside.Requests.Count);
        Assert.DoesNotContain(Secret, outside.Requests.Last(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/end")]
    [InlineData("http://inside.test:{0}/end")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/end")]
    [InlineData("http://2130706433:{0}/end")]
    [InlineData("//127.0.0.1:{0}/end")]
    public async Task Abuse06_A_redirect_to_the_inside_is_refused(string location)
    {
        OutsideServer? first = null;
        await using var outside = first = Redirecting("302 Found", () => string.Format(null, location, first!.Port));
        await using var inside = new OutsideServer(_ => OutsideServer.Answer("200 OK"), address: "127.0.0.1", port: outside.Port);
        using var http = Http(outside.Allowance);
        Assert.Equal("egress.blocked", (await http.Send(Request(outside), CancellationToken.None)).Error?.Code);
        Assert.Empty(inside.Requests);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://first.test/")]
    [InlineData("ftp://first.test/")]
    [InlineData("javascript:1")]
    public async Task Abuse06_A_redirect_to_another_protocol_is_refused(string location)
    {
        await using var outside = Redirecting("302 Found", () => location);
        using var http = Http(outside.Allowance);
        Assert.Equal("egress.redirect_refused", (await http.Send(Request(outside), CancellationToken.None)).Error?.Code);
    }

    [Fact]
    public async Task Abuse06_A_redirect_with_a_user_name_in_it_is_refused()
    {
        OutsideServer? first = null;
        await using var outside = first = Redirecting("302 Found", () => $"http://user:word@first.test:{first!.Port}/end");
        using var http = Http(outside.Allowance);
        Assert.Equal("egress.invalid", (await http.Send(Request(outside), CancellationToken.None)).Error?.Code);
    }

    [Fact]
    public void Abuse06_Https_never_leads_to_http()
    {
        var request = new EgressRequest(HttpMethod.Get, new Uri("https://first.test/"), [], null, TimeSpan.Zero, null) { Policy = EgressPolicy.Open, MaxRedirects = 5 };
        Assert.Equal("egress.redirect_refused", Redirection.Next(request, 302, "http://first.test/").Error?.Code);
        Assert.Equal("https", Redirection.Next(request, 302, "//second.test/").Value.Address.Scheme);
        var upgraded = Redirection.Next(request with { Address = new Uri("http://first.test/"), Headers = [("Authorization", Secret)] }, 302, "https://first.test/").Value;
        Assert.Empty(upgraded.Headers);
    }

    [Fact]
    public void Abuse06_A_client_certificate_is_shown_to_its_own_origin_alone()
    {
        var tls = new EgressTls(null, null, "roots");
        var request = new EgressRequest(HttpMethod.Get, new Uri("https://first.test/"), [], null, TimeSpan.Zero, null) { Policy = EgressPolicy.Open, MaxRedirects = 5, Tls = tls };
        Assert.Same(tls, Redirection.Next(request, 302, "/other").Value.Tls);
        foreach (var elsewhere in (string[])["https://second.test/", "https://first.test:8443/"])
            Assert.Null(Redirection.Next(request, 302, elsewhere).Value.Tls);
    }

    [Fact]
    public async Task Abuse06_A_circle_ends()
    {
        await using var outside = new OutsideServer(_ => OutsideServer.Answer("302 Found\r\nlocation: /start"));
        using var http = Http(outside.Allowance);
        Assert.Equal("egress.redirect_refused", (await http.Send(Request(outside), CancellationToken.None)).Error?.Code);
        Assert.Equal(6, outside.Requests.Count);
    }

    [Theory]
    [InlineData("301 Moved", "POST", "GET")]
    [InlineData("302 Found", "POST", "GET")]
    [InlineData("303 See Other", "POST", "GET")]
    [InlineData("303 See Other", "PUT", "GET")]
    [InlineData("301 Moved", "PUT", "PUT")]
    [InlineData("302 Found", "DELETE", "DELETE")]
    [InlineData("307 Temporary Redirect", "POST", "POST")]
    [InlineData("308 Permanent Redirect", "POST", "POST")]
    public async Task A_method_changes_as_RFC_9110_has_it(string status, string method, string then)
    {
        await using var outside = Redirecting(status, () => "/end");
        using var http = Http(outside.Allowance);
        Assert.Equal(200, (await http.Send(Request(outside, new HttpMethod(method)), CancellationToken.None)).Value.Status);
        var last = outside.Requests.Last();
        Assert.StartsWith($"{then} /end ", last, StringComparison.Ordinal);
        Assert.Equal(then != "GET", last.Contains("Content-Type: text/plain", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_redirect_that_leads_nowhere_is_refused()
    {
        await using var outside = OutsideServer.Answering("302 Found");
        using var http = Http(outside.Allowance);
        Assert.Equal("egress.redirect_refused", (await http.Send(Request(outside), CancellationToken.None)).Error?.Code);
    }
}
