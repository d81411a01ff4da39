using System.Globalization;
using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Engine.Tests.Demo;

public sealed class PeppolTests
{
    private const int Documents = 143;

    [Fact]
    public async Task Every_real_invoice_is_posted_once_or_its_failure_says_what_is_wrong_with_it()
    {
        await using var demo = FluxgateProcess.Start(
        [
            "demo", "--once", "--json", "--input", Path.Combine(AppContext.BaseDirectory, "Demo", "peppol.jsonl"),
            "--port", FreePort.On("127.0.0.1").ToString(CultureInfo.InvariantCulture),
            "--services-port", FreePort.On("127.0.0.2").ToString(CultureInfo.InvariantCulture),
        ]);
        Assert.True(await demo.Exit(TimeSpan.FromMinutes(3)) == 0, demo.Output);
        var summary = JsonDocument.Parse(demo.Output[demo.Output.IndexOf('{')..]).RootElement;
        Assert.Equal(Documents, summary.GetProperty("runs").GetInt32());
        Assert.Equal(Documents, summary.GetProperty("succeeded").GetInt32() + summary.GetProperty("failed").GetInt32());
        Assert.Equal(summary.GetProperty("succeeded").GetInt32(), summary.GetProperty("posted").GetInt32());
        Assert.Equal(0, summary.GetProperty("unexplained_failures").GetInt32());
        Assert.True(summary.GetProperty("reviews").GetInt32() > 0);
        Assert.True(summary.GetProperty("audit_valid").GetBoolean());
    }
}
