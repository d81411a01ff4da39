using System.Net;
using Fluxgate.Egress;

namespace Fluxgate.Engine.Tests.Egress;

public sealed class EgressGuardTests
{
    private static readonly EgressGuard Guard = new(new EgressOptions(), () => [IPAddress.Parse("8.8.4.4"), IPAddress.Parse("2a00:1450:4001:1::5%3")]);

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("10.0.0.1")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("169.254.169.254")]
    [InlineData("168.63.129.16")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.192")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.255")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::7f00:1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("::ffff:0:10.0.0.1")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("64:ff9b::808:808")]
    [InlineData("64:ff9b:1::a00:1")]
    [InlineData("100.100.100.200")]
    [InlineData("192.88.99.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::ffff:0:169.254.169.254")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("64:ff9b:1:ffff::a9fe:a9fe")]
    [InlineData("2002:a9fe:a9fe::")]
    [InlineData("2001:0:a9fe:a9fe::")]
    [InlineData("fe80::a9fe:a9fe")]
    [InlineData("2001:0:4136:e378:8000:63bf:3fff:fdd2")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%2")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    [InlineData("8.8.4.4")]
    [InlineData("2a00:1450:4001:1::5")]
    public void Abuse06_An_address_of_the_inside_is_refused(string address) => Assert.NotNull(Guard.Refusal(IPAddress.Parse(address), 443));

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("1.1.1.1")]
    [InlineData("100.128.0.1")]
    [InlineData("172.32.0.1")]
    [InlineData("169.253.255.255")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2003::1")]
    public void An_address_of_the_outside_is_allowed(string address) => Assert.Null(Guard.Refusal(IPAddress.Parse(address), 443));

    [Fact]
    public void An_allow_entry_opens_its_range_on_its_port_alone()
    {
        var guard = new EgressGuard(new EgressOptions { Allow = ["10.1.2.0/24:443", "[fd00::/8]:5432"] }, () => []);
        Assert.Null(guard.Refusal(IPAddress.Parse("10.1.2.200"), 443));
        Assert.NotNull(guard.Refusal(IPAddress.Parse("10.1.2.200"), 80));
        Assert.NotNull(guard.Refusal(IPAddress.Parse("10.1.3.1"), 443));
        Assert.NotNull(guard.Refusal(IPAddress.Parse("::ffff:10.1.2.200"), 443));
        Assert.Null(guard.Refusal(IPAddress.Parse("fd12::1"), 5432));
        Assert.NotNull(guard.Refusal(IPAddress.Parse("fd12::1"), 443));
    }

    [Theory]
    [InlineData("10.0.0.0/8")]
    [InlineData("10.0.0.1:443")]
    [InlineData("0.0.0.0/0:443")]
    [InlineData("[::/0]:443")]
    [InlineData("10.0.0.0/8:0")]
    [InlineData("10.0.0.0/8:70000")]
    [InlineData("10.0.0.0/33:443")]
    [InlineData("fd00::/8:443")]
    [InlineData("example.com:443")]
    [InlineData("*.com")]
    [InlineData("*")]
    [InlineData("")]
    public void An_allow_entry_that_means_nothing_stops_the_start(string entry) =>
        Assert.Throws<InvalidOperationException>(() => new EgressOptions { Allow = [entry] }.Validate());
}
