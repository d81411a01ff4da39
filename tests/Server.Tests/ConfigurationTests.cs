using Fluxgate.Server.Hosting;
using Microsoft.Extensions.Configuration;

namespace Fluxgate.Server.Tests;

public sealed class ConfigurationTests
{
    [Theory]
    [InlineData("no_such: 1\n")]
    [InlineData("profile: prod\n")]
    [InlineData("a: [\n")]
    [InlineData(null)]
    public async Task F812_A_server_that_does_not_start_says_why_without_a_stack_trace(string? file)
    {
        var installation = await Installation.Get();
        using var shell = new Cli.CommandLine();
        shell.Environment["FLUXGATE_DATABASE__HOST"] = installation.DatabaseSocket;
        var path = file is null ? "/nowhere/fluxgate.yaml" : shell.Write("fluxgate.yaml", file);
        var (exit, output, error) = await shell.Run(null, "serve", "--config", path, "--data", installation.DataDirectory);
        Assert.Equal((1, ""), (exit, output));
        Assert.StartsWith("start.refused: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task F812_Every_fault_of_the_configuration_is_named_at_once_and_no_value_is_repeated()
    {
        var installation = await Installation.Get();
        var settings = new Dictionary<string, string?>
        {
            ["profile"] = "development",
            ["data_directory"] = installation.DataDirectory,
            ["database:host"] = installation.DatabaseSocket,
            ["listen"] = "http://127.0.0.1:0",
            ["no_such_section:setting"] = "hunter2",
            ["sign_in:no_such_setting"] = "hunter2",
            ["sign_in:session_hours"] = "0",
            ["sign_in:session_idle_minutes"] = "1441",
            ["api_keys:max_days"] = "hunter2",
            ["invitations:days"] = "91",
        };
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => FluxgateApplication.Start(FluxgateConfiguration.Load(null, settings), CancellationToken.None));
        foreach (var fault in (string[])["nosuchsection", "signin.nosuchsetting", "sign_in.session_hours", "sign_in.session_idle_minutes", "apikeys", "invitations.days"])
            Assert.Contains(fault, refusal.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("hunter2", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void F812_A_variable_with_FILE_takes_its_value_from_the_file()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, " spaces count \n\n");
            var settings = FluxgateConfiguration.ReadEnvironment(
            [
                KeyValuePair.Create("FLUXGATE_VAULT__ROOT_KEY_FILE", (string?)file),
                KeyValuePair.Create("FLUXGATE_LISTEN", (string?)"http://127.0.0.1:1"),
                KeyValuePair.Create("OTHER_FILE", (string?)"/nowhere"),
            ]);
            Assert.Equal(" spaces count \n", settings["vault:rootkey"]);
            Assert.Equal("http://127.0.0.1:1", settings["listen"]);
            Assert.Equal(2, settings.Count);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void F812_A_value_and_a_file_for_one_setting_or_a_file_that_is_not_there_are_refused()
    {
        var both = new[] { KeyValuePair.Create("FLUXGATE_X__Y", (string?)"a"), KeyValuePair.Create("FLUXGATE_X__Y_FILE", (string?)"/dev/null") };
        Assert.Contains("FLUXGATE_X__Y", Assert.Throws<InvalidOperationException>(() => FluxgateConfiguration.ReadEnvironment(both)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => FluxgateConfiguration.ReadEnvironment(both.Reverse()));
        Assert.Throws<InvalidOperationException>(() => FluxgateConfiguration.ReadEnvironment([KeyValuePair.Create("FLUXGATE_X_FILE", (string?)"/no/such/file")]));
    }

    [Fact]
    public void The_file_and_the_environment_spell_one_setting_alike()
    {
        var fromFile = new ConfigurationBuilder().AddInMemoryCollection(FluxgateConfiguration.ReadYaml("sign_in:\n  session_hours: 3\n")).Build();
        Assert.Equal("3", fromFile["signin:sessionhours"]);
        Assert.Equal("3", FluxgateConfiguration.ReadEnvironment([KeyValuePair.Create("FLUXGATE_SIGN_IN__SESSION_HOURS", (string?)"3")])["signin:sessionhours"]);
    }
}
