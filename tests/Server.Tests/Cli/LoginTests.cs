namespace Fluxgate.Server.Tests.Cli;

public sealed class LoginTests
{
    [Fact]
    public async Task A_key_is_checked_and_kept_for_its_user_alone()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        using var shell = new CommandLine();
        var key = (await owner.NewKey(CommandLine.AllScopes)).Text("key");
        var (exit, output, error) = await shell.Run(key, "login", "--url", installation.Address.AbsoluteUri);

        Assert.Equal((0, ""), (exit, error));
        Assert.DoesNotContain(key[12..], output, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(shell.LoginFile));
        Assert.Equal((0, "[]", ""), Trimmed(await shell.Run(null, "workflows", "list", "--json")));
    }

    [Fact]
    public async Task A_key_of_few_scopes_is_a_key()
    {
        var installation = await Installation.Get();
        using var shell = new CommandLine();
        var key = (await (await installation.NewOrganization()).NewKey("runs:read")).Text("key");
        Assert.Equal(0, (await shell.Run(null, "login", "--url", installation.Address.AbsoluteUri, "--api-key", key)).Exit);
        var refused = await shell.Run(null, "workflows", "list");
        Assert.Equal((1, ""), (refused.Exit, refused.Out));
        Assert.Equal("permission.missing: This needs the permission workflows:read.", refused.Error.TrimEnd());
    }

    [Fact]
    public async Task FN02_A_wrong_key_is_one_line_with_its_code_and_is_not_kept()
    {
        var installation = await Installation.Get();
        using var shell = new CommandLine();
        var wrong = OperatorTools.NewApiKey();
        foreach (var (input, arguments) in new (string?, string[])[] { (wrong, []), (null, ["--api-key", wrong]) })
        {
            var (exit, output, error) = await shell.Run(input, ["login", "--url", installation.Address.AbsoluteUri, .. arguments]);
            Assert.Equal((1, ""), (exit, output));
            Assert.StartsWith("key.invalid: ", error, StringComparison.Ordinal);
            Assert.Single(error.TrimEnd().Split('\n'));
            Assert.DoesNotContain(wrong[12..], error, StringComparison.Ordinal);
            Assert.False(File.Exists(shell.LoginFile));
        }
    }

    [Fact]
    public async Task The_environment_names_server_and_key_without_a_login()
    {
        var installation = await Installation.Get();
        using var shell = new CommandLine();
        Assert.StartsWith("login.missing: ", (await shell.Run(null, "workflows", "list")).Error, StringComparison.Ordinal);
        shell.Environment["FLUXGATE_URL"] = installation.Address.AbsoluteUri;
        shell.Environment["FLUXGATE_API_KEY"] = (await (await installation.NewOrganization()).NewKey("workflows:read")).Text("key");
        Assert.Equal((0, "[]", ""), Trimmed(await shell.Run(null, "workflows", "list", "--json")));
        // The server's own commands share the environment and do not take these for settings of theirs.
        Assert.DoesNotContain(Hosting.FluxgateConfiguration.ReadEnvironment(shell.Environment.Select(v => KeyValuePair.Create(v.Key, (string?)v.Value))), _ => true);
    }

    [Fact]
    public async Task FK01_A_stored_key_goes_to_no_other_server_and_no_key_goes_through_a_network_in_the_clear()
    {
        var installation = await Installation.Get();
        var stub = (await Installation.Stub()).NewPath();
        using var shell = await CommandLine.LoggedIn(installation, await installation.NewOrganization());
        shell.Environment["FLUXGATE_URL"] = stub.Address.GetLeftPart(UriPartial.Authority);
        var other = await shell.Run(null, "workflows", "list");
        Assert.Equal(1, other.Exit);
        Assert.StartsWith("login.other_server: ", other.Error, StringComparison.Ordinal);

        var clear = await shell.Run("key", "login", "--url", "http://fluxgate.example.test");
        Assert.Equal(1, clear.Exit);
        Assert.StartsWith("login.insecure: ", clear.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("workflows", "list", "--no-such-option")]
    [InlineData("workflows", "publish")]
    [InlineData("workflows")]
    [InlineData("runs", "show", "not-an-id")]
    [InlineData("runs", "list", "--limit", "0")]
    [InlineData("credentials", "set", "x", "--type", "bearer", "--token", "secret")]
    [InlineData("credentials", "set", "x", "--type", "password")]
    [InlineData("credentials", "set", "x", "--type", "basic")]
    public async Task A_wrong_call_exits_with_2_and_says_what_is_wrong(params string[] arguments)
    {
        using var shell = new CommandLine();
        var (exit, _, error) = await shell.Run(null, arguments);
        Assert.Equal(2, exit);
        Assert.NotEmpty(error);
    }

    private static (int, string, string) Trimmed((int Exit, string Out, string Error) result) => (result.Exit, result.Out.Trim(), result.Error.Trim());
}
