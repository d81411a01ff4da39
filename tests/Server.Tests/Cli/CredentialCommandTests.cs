using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Cli;

public sealed class CredentialCommandTests
{
    [Fact]
    public async Task A_secret_comes_from_standard_input_and_is_in_no_argument_output_or_environment()
    {
        const string Secret = "tok-3f9a1c-very-secret";
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var path = (await Installation.Stub()).NewPath();
        using var shell = await CommandLine.LoggedIn(installation, owner);
        using var process = shell.Start("credentials", "set", "erp", "--type", "bearer", "--allowed-host", path.Address.Authority);
        // What other users of the machine see, while it waits for the secret and after.
        await process.StandardInput.WriteLineAsync(Secret);
        await process.StandardInput.FlushAsync();
        var seen = process.HasExited ? "" : await File.ReadAllTextAsync($"/proc/{process.Id}/cmdline") + await File.ReadAllTextAsync($"/proc/{process.Id}/environ");
        process.StandardInput.Close();
        var (exit, output, error) = await CommandLine.Finish(process);
        Assert.Equal((0, "created erp", ""), (exit, output.Trim(), error));
        Assert.Contains("credentials", seen, StringComparison.Ordinal);
        var listed = await shell.Run(null, "credentials", "list", "--json");
        foreach (var text in (string[])[seen, output, listed.Out, (await shell.Run(null, "credentials", "list")).Out])
            Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);

        // It is the secret that was entered.
        await owner.Post("/connectors", new
        {
            name = "erp", base_url = path.Address, authentication = new { type = "bearer", credential = "erp" },
            endpoints = new[] { new { name = "call", method = "POST", path = "/call" } },
        }).Success();
        await owner.RunOnce("""
            format: 1
            name: Calls
            trigger: { type: api }
            nodes:
              - { id: call, type: http, settings: { connector: erp, endpoint: call } }
            """);
        Assert.Equal($"Bearer {Secret}", Assert.Single(path.Requests).Headers["Authorization"]);
    }

    [Theory]
    [InlineData("bearer")]
    [InlineData("hmac")]
    [InlineData("basic", "--username", "clerk")]
    [InlineData("api_key", "--in", "query", "--key-name", "key")]
    public async Task Setting_a_credential_again_replaces_its_secret_and_keeps_the_rest(string type, params string[] more)
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        using var shell = await CommandLine.LoggedIn(installation, owner);
        var secret = new string('s', 40);
        string[] set = ["credentials", "set", "it", "--type", type, .. more];

        Assert.StartsWith("credential.hosts_missing: ", (await shell.Run(secret, set)).Error, StringComparison.Ordinal);
        Assert.StartsWith("secret.missing: ", (await shell.Run(null, [.. set, "--allowed-host", "a.example.test"])).Error, StringComparison.Ordinal);
        Assert.Equal((0, ""), Quiet(await shell.Run(secret, [.. set, "--allowed-host", "a.example.test", "--description", "what for"])));
        Assert.Equal((0, ""), Quiet(await shell.Run(secret, set)));
        var shown = Assert.Single((await owner.Get("/credentials").Success()).GetProperty("items").EnumerateArray());
        Assert.Equal((2, "what for", "a.example.test"), (shown.GetProperty("secret_version").GetInt32(), shown.Text("description"), shown.GetProperty("allowed_hosts")[0].GetString()));

        var otherType = await shell.Run(secret, "credentials", "set", "it", "--type", type == "bearer" ? "hmac" : "bearer");
        Assert.StartsWith("credential.type: ", otherType.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_credential_of_several_values_comes_as_an_object_on_standard_input()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        using var shell = await CommandLine.LoggedIn(installation, owner);
        string[] set = ["credentials", "set", "aws", "--type", "aws_sigv4", "--allowed-host", "*.amazonaws.com"];
        Assert.StartsWith("secret.missing: ", (await shell.Run("[]", set)).Error, StringComparison.Ordinal);
        Assert.Equal((0, ""), Quiet(await shell.Run("""{"access_key_id":"AKIDEXAMPLE","secret_access_key":"s3cr3t-value","region":"eu-central-1","service":"s3"}""", set)));
        Assert.Equal("aws_sigv4", Assert.Single((await owner.Get("/credentials").Success()).GetProperty("items").EnumerateArray()).Text("type"));
    }

    private static (int, string) Quiet((int Exit, string Out, string Error) result) => (result.Exit, result.Error);
}
