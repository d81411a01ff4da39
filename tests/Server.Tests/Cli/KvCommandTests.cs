namespace Fluxgate.Server.Tests.Cli;

/// <summary>F808: the key-value store from a shell.</summary>
public sealed class KvCommandTests
{
    [Fact]
    public async Task Entries_are_written_read_counted_listed_and_deleted()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        using var shell = await CommandLine.LoggedIn(installation, owner);
        async Task<string> Ok(string? input, params string[] arguments)
        {
            var (exit, output, error) = await shell.Run(input, ["kv", .. arguments]);
            Assert.Equal((0, ""), (exit, error));
            return output.Trim();
        }

        await owner.Draft("format: 1\nname: Orders\ntrigger: { type: api }\nnodes:\n  - { id: a, type: transform, settings: { output: 1 } }\n");
        await Ok(null, "set", "limit", "--value", "{\"n\": 1}");
        Assert.Contains("\"n\": 1", await Ok(null, "get", "limit", "--workflow", "orders"), StringComparison.Ordinal);
        await Ok("[2]", "set", "limit", "--workflow", "Orders", "--ttl", "600");
        Assert.Contains('2', await Ok(null, "get", "limit", "--workflow", "Orders"));
        Assert.Equal("7", await Ok(null, "increment", "count", "--by", "7"));
        Assert.Contains("count", await Ok(null, "list"), StringComparison.Ordinal);

        var stale = await shell.Run(null, "kv", "delete", "count", "--if-version", "1");
        Assert.Equal((1, "kv.stale"), (stale.Exit, stale.Error.Split(':')[0]));
        await Ok(null, "delete", "count");
        Assert.StartsWith("kv_entry.not_found: ", (await shell.Run(null, "kv", "get", "count")).Error, StringComparison.Ordinal);
        Assert.StartsWith("input.malformed: ", (await shell.Run(null, "kv", "set", "x", "--value", "text")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_comes_from_standard_input_and_from_no_argument()
    {
        const string Secret = "tok-3f9a1c-very-secret";
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        using var shell = await CommandLine.LoggedIn(installation, owner);
        Assert.StartsWith("secret.in_argument: ", (await shell.Run(null, "kv", "set", "secret:erp", "--value", "\"x\"", "--allowed-host", "a.test")).Error, StringComparison.Ordinal);
        Assert.Equal((0, ""), (await shell.Run(Secret, "kv", "set", "secret:erp", "--allowed-host", "a.test")) is var (exit, _, error) ? (exit, error) : default);
        foreach (var command in (string[][])[["get", "secret:erp"], ["get", "secret:erp", "--json"], ["list"], ["list", "--json"]])
            Assert.DoesNotContain(Secret, (await shell.Run(null, ["kv", .. command])).Out, StringComparison.Ordinal);
    }
}
