using System.IO.Compression;
using System.Net;
using System.Text;
using Fluxgate.Core.Kernel;
using Fluxgate.Egress;

namespace Fluxgate.Engine.Tests.Egress;

public sealed class EgressHttpTests
{
    [Fact]
    public async Task A_request_reaches_an_allowed_address_and_brings_the_answer()
    {
        await using var outside = OutsideServer.Answering("418 I'm a teapot\r\nx-kind: pot\r\nset-cookie: a=b", "short and stout");
        using var http = Http(outside);
        var request = Request(outside, "/brew?strong=1") with { Method = HttpMethod.Post, Body = "leaves"u8.ToArray(), Headers = [("Content-Type", "text/plain"), ("X-Mine", "ä is not ascii"[2..])] };
        var answer = (await http.Send(request, CancellationToken.None)).Value;
        Assert.Equal(418, answer.Status);
        Assert.Equal("short and stout", Encoding.ASCII.GetString(answer.Body));
        Assert.Contains(("x-kind", "pot"), answer.Headers.Select(h => (h.Name.ToLowerInvariant(), h.Value)));
        await http.Send(request, CancellationToken.None);
        Assert.Equal(2, outside.Requests.Count);
        Assert.All(outside.Requests, sent =>
        {
            Assert.StartsWith("POST /brew?strong=1 HTTP/1.1\r\n", sent, StringComparison.Ordinal);
            Assert.Contains("X-Mine: is not ascii", sent, StringComparison.Ordinal);
            Assert.DoesNotContain("cookie", sent, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("traceparent", sent, StringComparison.OrdinalIgnoreCase);
        });
    }

    /// <summary>127.0.0.1 must never be dialled, however it is written; something listens there that would tell.</summary>
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f000001")]
    [InlineData("0177.0.0.1")]
    [InlineData("127.1")]
    [InlineData("１２７.0.0.1")]
    [InlineData("0")]
    [InlineData("0x7f.0x0.0x0.0x1")]
    [InlineData("017700000001")]
    [InlineData("127.0.1")]
    [InlineData("127.0.0.1.")]
    [InlineData("①②⑦.⓪.⓪.①")]
    [InlineData("127。0。0。1")]
    [InlineData("[::1]")]
    [InlineData("[0:0:0:0:0:0:0:1]")]
    [InlineData("[::ffff:7f00:1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::127.0.0.1]")]
    [InlineData("[64:ff9b::7f00:1]")]
    [InlineData("localhost")]
    [InlineData("localhost.")]
    [InlineData("ⓛⓞⓒⓐⓛⓗⓞⓢⓣ")]
    [InlineData("LOCALHOST")]
    [InlineData("bücher.test")]
    [InlineData("inside.test")]
    [InlineData("inside.test.")]
    public async Task Abuse06_The_inside_is_not_dialled_in_any_spelling(string host)
    {
        await using var inside = new OutsideServer("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"u8.ToArray(), address: "127.0.0.1");
        using var http = Http(new EgressOptions(), (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));
        var answer = await http.Send(Request($"http://{host}:{inside.Port}/"), CancellationToken.None);
        Assert.Equal("egress.blocked", answer.Error?.Code);
        Assert.Empty(inside.Requests);
    }

    [Fact]
    public async Task Abuse06_A_name_that_changes_its_mind_is_judged_by_the_address_that_is_dialled()
    {
        await using var outside = OutsideServer.Answering("200 OK", "hello");
        await using var inside = new OutsideServer("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"u8.ToArray(), address: "127.0.0.1", port: outside.Port);
        var questions = 0;
        using var http = Http(new EgressOptions { Allow = [outside.Allowance] }, (_, _) =>
            Task.FromResult<IPAddress[]>(Interlocked.Increment(ref questions) == 1 ? [IPAddress.Parse("127.0.0.2")] : [IPAddress.Loopback]));
        var request = Request($"http://rebinding.test:{outside.Port}/");
        Assert.Equal(200, (await http.Send(request, CancellationToken.None)).Value.Status);
        Assert.Equal(1, questions);
        Assert.Equal("egress.blocked", (await http.Send(request, CancellationToken.None)).Error?.Code);
        Assert.Empty(inside.Requests);
    }

    [Fact]
    public async Task Abuse06_One_inside_address_among_outside_ones_is_enough_to_refuse()
    {
        await using var outside = OutsideServer.Answering("200 OK");
        using var http = Http(new EgressOptions { Allow = [outside.Allowance] }, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("127.0.0.2"), IPAddress.Loopback]));
        Assert.Equal("egress.blocked", (await http.Send(Request($"http://both.test:{outside.Port}/"), CancellationToken.None)).Error?.Code);
        Assert.Empty(outside.Requests);
    }

    [Theory]
    [InlineData("301 Moved")]
    [InlineData("302 Found")]
    [InlineData("303 See Other")]
    [InlineData("307 Temporary")]
    [InlineData("308 Permanent")]
    public async Task A_redirect_is_not_followed(string status)
    {
        await using var outside = OutsideServer.Answering($"{status}\r\nlocation: http://127.0.0.1/");
        using var http = Http(outside);
        Assert.Equal("egress.redirect_refused", (await http.Send(Request(outside), CancellationToken.None)).Error?.Code);
        Assert.Single(outside.Requests);
    }

    [Theory]
    [InlineData("api.example.com", "api.example.com", true)]
    [InlineData("API.example.com", "api.EXAMPLE.com", true)]
    [InlineData("*.example.com", "a.b.example.com", true)]
    [InlineData("*.example.com", "example.com", false)]
    [InlineData("*.example.com", "evilexample.com", false)]
    [InlineData("example.com", "example.com.evil.test", false)]
    [InlineData("example.com", "evil.test", false)]
    public async Task A_credential_goes_to_its_allowed_hosts_alone(string pattern, string host, bool allowed)
    {
        await using var outside = OutsideServer.Answering("200 OK");
        using var http = Http(new EgressOptions { Allow = [outside.Allowance] }, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("127.0.0.2")]));
        var answer = await http.Send(Request($"http://{host}:{outside.Port}/") with { AllowedHosts = [AllowedHost.TryParse(pattern, out var allowedHost) ? allowedHost : throw new ArgumentException(pattern)] }, CancellationToken.None);
        Assert.Equal(allowed ? null : "egress.host_not_allowed", answer.Error?.Code);
        Assert.Equal(allowed ? 1 : 0, outside.Requests.Count);
    }

    [Fact]
    public async Task An_answer_that_is_too_large_is_cut_off()
    {
        await using var outside = OutsideServer.Answering("200 OK", new string('x', 5000));
        using var http = Http(new EgressOptions { Allow = [outside.Allowance], MaxResponseBytes = 4096 });
        Assert.Equal("egress.too_large", (await http.Send(Request(outside), CancellationToken.None)).Error?.Code);
    }

    [Fact]
    public async Task A_small_answer_that_unpacks_to_a_large_one_is_cut_off()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(new byte[4 * 1024 * 1024]);
        await using var outside = new OutsideServer([.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {packed.Length}\r\nconnection: close\r\n\r\n"), .. packed.ToArray()]);
        using var http = Http(new EgressOptions { Allow = [outside.Allowance], MaxResponseBytes = 1024 * 1024 });
        Assert.Equal("egress.too_large", (await http.Send(Request(outside), CancellationToken.None)).Error?.Code);
    }

    [Fact]
    public async Task A_silent_server_costs_the_requests_own_time_and_no_more()
    {
        await using var outside = new OutsideServer([]);
        using var http = Http(outside);
        var answer = await http.Send(Request(outside) with { Timeout = TimeSpan.FromMilliseconds(300) }, CancellationToken.None);
        Assert.Equal("egress.timeout", answer.Error?.Code);
    }

    [Fact]
    public async Task The_operators_time_limit_holds_for_a_request_that_asks_for_more()
    {
        await using var outside = new OutsideServer([]);
        using var http = Http(new EgressOptions { Allow = [outside.Allowance], MaxTimeout = TimeSpan.FromSeconds(1) });
        Assert.Equal("egress.timeout", (await http.Send(Request(outside) with { Timeout = TimeSpan.FromHours(1) }, CancellationToken.None)).Error?.Code);
    }

    [Fact]
    public async Task A_greeting_that_does_not_end_costs_the_time_to_connect()
    {
        await using var outside = new OutsideServer([]);
        using var http = Http(new EgressOptions { Allow = [outside.Allowance], ConnectTimeout = TimeSpan.FromSeconds(1) });
        var request = Request($"https://127.0.0.2:{outside.Port}/") with { Timeout = TimeSpan.FromMinutes(1) };
        var started = TimeProvider.System.GetTimestamp();
        Assert.Equal("egress.timeout", (await http.Send(request, CancellationToken.None)).Error?.Code);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.FromMilliseconds(900), TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData(1023, 60, 10)]
    [InlineData(200_000_000, 60, 10)]
    [InlineData(4096, 0, 10)]
    [InlineData(4096, 601, 10)]
    [InlineData(4096, 60, 0)]
    [InlineData(4096, 60, 61)]
    public void A_setting_out_of_its_range_stops_the_start(int bytes, int seconds, int connectSeconds) =>
        Assert.Throws<InvalidOperationException>(() =>
            new EgressOptions { MaxResponseBytes = bytes, MaxTimeout = TimeSpan.FromSeconds(seconds), ConnectTimeout = TimeSpan.FromSeconds(connectSeconds) }.Validate());

    [Fact]
    public async Task A_cancelled_caller_gets_its_cancellation()
    {
        await using var outside = new OutsideServer([]);
        using var http = Http(outside);
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => http.Send(Request(outside), cancel.Token));
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused()
    {
        await using var outside = new OutsideServer("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"u8.ToArray(), tls: true);
        using var http = Http(outside);
        Assert.Equal("egress.tls", (await http.Send(Request($"https://127.0.0.2:{outside.Port}/"), CancellationToken.None)).Error?.Code);
        Assert.Empty(outside.Requests);
    }

    [Fact]
    public async Task Abuse06_A_certificate_that_names_an_address_inside_makes_nobody_fetch_it()
    {
        await using var inside = new OutsideServer(_ => OutsideServer.Answer("404 Not Found"), address: "127.0.0.1");
        await using var outside = new OutsideServer(_ => OutsideServer.Answer("200 OK"), tls: true) { IssuerAddress = $"http://127.0.0.1:{inside.Port}/ca.cer" };
        using var http = Http(outside);
        Assert.Equal("egress.tls", (await http.Send(Request($"https://127.0.0.2:{outside.Port}/"), CancellationToken.None)).Error?.Code);
        Assert.Empty(inside.Requests);
    }

    [Fact]
    public async Task A_closed_port_is_an_error_and_no_exception()
    {
        var outside = OutsideServer.Answering("200 OK");
        var port = outside.Port;
        await outside.DisposeAsync();
        using var http = Http(new EgressOptions { Allow = [$"127.0.0.2/32:{port}"] });
        Assert.Equal("egress.connect", (await http.Send(Request($"http://127.0.0.2:{port}/"), CancellationToken.None)).Error?.Code);
    }

    [Fact]
    public async Task An_answer_that_is_not_HTTP_is_an_error_and_no_exception()
    {
        await using var outside = new OutsideServer("220 mail.test ESMTP\r\n"u8.ToArray());
        using var http = Http(outside);
        Assert.Equal("egress.connect", (await http.Send(Request(outside), CancellationToken.None)).Error?.Code);
    }

    [Theory]
    [InlineData("file:///etc/passwd", null, null)]
    [InlineData("ftp://example.com/", null, null)]
    [InlineData("gopher://example.com/", null, null)]
    [InlineData("http://user:secret@example.com/", null, null)]
    [InlineData("http://example.com/", "Host", "inside.test")]
    [InlineData("http://example.com/", "transfer-encoding", "chunked")]
    [InlineData("http://example.com/", "Content-Length", "0")]
    [InlineData("http://example.com/", "X-A", "a\r\nX-B: b")]
    [InlineData("http://example.com/", "X-A: b\r\nX-C", "c")]
    [InlineData("http://example.com/", "", "c")]
    public async Task A_request_that_could_pass_as_another_is_refused_before_any_name_is_looked_up(string address, string? header, string? value)
    {
        using var http = Http(new EgressOptions(), (_, _) => throw new InvalidOperationException("looked up"));
        var answer = await http.Send(Request(address) with { Headers = header is null ? [] : [(header, value!)] }, CancellationToken.None);
        Assert.Equal("egress.invalid", answer.Error?.Code);
        Assert.DoesNotContain("secret", answer.Error!.Message);
    }

    private static EgressHttp Http(OutsideServer outside) => Http(new EgressOptions { Allow = [outside.Allowance] });

    private static EgressHttp Http(EgressOptions options, HostResolver? resolve = null) =>
        new(options, new GuardedDialer(EgressGuard.ForThisMachine(options, TimeProvider.System), resolve ?? HostResolvers.System), requireHttps: false, TimeProvider.System);

    private static EgressRequest Request(OutsideServer outside, string path = "/") => Request($"http://127.0.0.2:{outside.Port}{path}");

    private static EgressRequest Request(string address) => new(HttpMethod.Get, new Uri(address), [], null, TimeSpan.FromSeconds(20), null) { Policy = EgressPolicy.Open };
}
