using System.Net;
using Fluxgate.Egress;

namespace Fluxgate.Engine.Tests.Egress;

/// <summary>Row 5 of F: what may be reached, by installation and by organization.</summary>
public sealed class EgressPolicyTests
{
    private static EgressPolicy Listing(params string[] entries) =>
        new(EgressMode.AllowList, entries.Select(e => EgressEntry.TryParse(e, out var entry) ? entry : throw new ArgumentException(e)));

    private static EgressGuard Guard(EgressMode mode, params string[] allow) => new(new EgressOptions { Mode = mode, Allow = [.. allow] }, () => []);

    private static string? Code(EgressGuard guard, string host, string address, int port, EgressPolicy? policy = null) =>
        guard.Refusal(host, IPAddress.Parse(address), port, policy ?? EgressPolicy.Open)?.Code;

    [Theory]
    [InlineData("api.example.com", 443, null)]
    [InlineData("API.example.com.", 443, null)]
    [InlineData("api.example.com", 8443, null)]
    [InlineData("eu.example.org", 443, null)]
    [InlineData("eu.example.org", 8443, "egress.not_listed")]
    [InlineData("example.org", 443, "egress.not_listed")]
    [InlineData("xexample.org", 443, "egress.not_listed")]
    [InlineData("api.example.com.evil.test", 443, "egress.not_listed")]
    [InlineData("evil.test", 443, "egress.not_listed")]
    [InlineData("8.8.8.8", 443, "egress.not_listed")]
    [InlineData("1.1.1.1", 443, "egress.not_listed")]
    public void F5_The_installations_list_is_all_that_is_reached(string host, int port, string? code) =>
        Assert.Equal(code, Code(Guard(EgressMode.AllowList, "api.example.com", "*.example.org:443"), host, "8.8.8.8", port));

    [Fact]
    public void F5_A_listed_range_is_reached_by_any_name_and_on_its_port_alone()
    {
        var guard = Guard(EgressMode.AllowList, "8.8.8.0/24:443");
        Assert.Null(Code(guard, "anything.test", "8.8.8.8", 443));
        Assert.Equal("egress.not_listed", Code(guard, "anything.test", "8.8.8.8", 53));
        Assert.Equal("egress.not_listed", Code(guard, "anything.test", "8.8.4.4", 443));
    }

    [Fact]
    public void Abuse06_A_listed_name_that_leads_inside_is_refused_all_the_same()
    {
        Assert.Equal("egress.blocked", Code(Guard(EgressMode.AllowList, "api.example.com"), "api.example.com", "10.0.0.1", 443));
        Assert.Equal("egress.blocked", Code(Guard(EgressMode.Open), "api.example.com", "10.0.0.1", 443, Listing("api.example.com", "10.0.0.0/8:443")));
    }

    [Fact]
    public void F5_An_organizations_list_only_takes_away()
    {
        var guard = Guard(EgressMode.AllowList, "*.example.com");
        Assert.Null(Code(guard, "api.example.com", "8.8.8.8", 443, Listing("api.example.com")));
        Assert.Equal("egress.not_listed", Code(guard, "www.example.com", "8.8.8.8", 443, Listing("api.example.com")));
        Assert.Equal("egress.not_listed", Code(guard, "other.test", "8.8.8.8", 443, Listing("other.test")));
        Assert.Equal("egress.not_listed", Code(guard, "other.test", "8.8.8.8", 443, Listing("8.8.8.8/32:443")));
        Assert.Equal("egress.not_listed", Code(Guard(EgressMode.Open), "other.test", "8.8.8.8", 443, Listing()));
    }

    [Fact]
    public async Task F5_A_connection_that_another_policy_opened_is_no_way_around_a_list()
    {
        // Keeps its connections open, as services do.
        await using var outside = new OutsideServer("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"u8.ToArray());
        var options = new EgressOptions { Allow = [outside.Allowance] };
        using var http = new EgressHttp(
            options, new GuardedDialer(EgressGuard.ForThisMachine(options, TimeProvider.System), HostResolvers.System), requireHttps: false, TimeProvider.System);
        var request = new EgressRequest(HttpMethod.Get, new Uri($"http://127.0.0.2:{outside.Port}/"), [], null, TimeSpan.FromSeconds(20), null) { Policy = EgressPolicy.Open };
        Assert.True((await http.Send(request, CancellationToken.None)).Succeeded);
        Assert.Equal("egress.not_listed", (await http.Send(request with { Policy = Listing("api.example.com") }, CancellationToken.None)).Error?.Code);
        Assert.Single(outside.Requests);
    }

    [Fact]
    public async Task FK04_Where_https_is_required_http_is_refused_before_a_name_is_looked_up()
    {
        using var http = new EgressHttp(
            new EgressOptions(), new GuardedDialer(Guard(EgressMode.Open), (_, _) => throw new InvalidOperationException("looked up")), requireHttps: true, TimeProvider.System);
        var answer = await http.Send(
            new EgressRequest(HttpMethod.Get, new Uri("http://example.com/"), [], null, TimeSpan.FromSeconds(20), null) { Policy = EgressPolicy.Open }, CancellationToken.None);
        Assert.Equal("egress.https_required", answer.Error?.Code);
    }

    [Theory]
    [InlineData("10.0.0.5")]
    [InlineData("10.0.0.5:443")]
    [InlineData("*.com")]
    [InlineData("0.0.0.0/0:443")]
    [InlineData("10.0.0.0/8")]
    [InlineData("http://api.example.com")]
    [InlineData("api.example.com/path")]
    [InlineData("")]
    public void An_entry_with_two_readings_is_none(string text) => Assert.False(EgressEntry.TryParse(text, out _));
}
