namespace Fluxgate.Server.Tests.Cli;

public sealed class SigningCommandTests
{
    [Fact]
    public async Task FN01_The_command_line_makes_signing_keys_and_signs_every_request()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        using var shell = await CommandLine.LoggedIn(installation, owner);
        var key = await owner.NewKey("members:read", "kv:write", "kv:read");
        var prefix = key.Text("prefix");

        var (_, printed, _) = await shell.Run(null, "api-keys", "signing", "add", prefix);
        var secret = printed.Trim();
        Assert.Matches("^fgs_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}$", secret);
        Assert.Equal(0, (await shell.Run(null, "api-keys", "signing", "require", prefix)).Exit);
        Assert.Contains("hmac_sha256", (await shell.Run(null, "api-keys", "signing", "list", prefix)).Out, StringComparison.Ordinal);

        using var signing = new CommandLine();
        var (refused, _, why) = await signing.Run(key.Text("key"), "login", "--url", installation.Address.AbsoluteUri);
        Assert.Equal(1, refused);
        Assert.Contains("must be signed", why, StringComparison.Ordinal);
        var (loggedIn, _, error) = await signing.Run($"{key.Text("key")}\n{secret}", "login", "--url", installation.Address.AbsoluteUri, "--signed");
        Assert.Equal((0, ""), (loggedIn, error));
        Assert.Equal(0, (await signing.Run(null, "kv", "set", "greeting", "--value", "\"hello\"")).Exit);
        Assert.Contains("hello", (await signing.Run(null, "kv", "get", "greeting")).Out, StringComparison.Ordinal);

        signing.Environment["FLUXGATE_SIGNING_SECRET"] = secret[..^1];
        Assert.Contains("does not fit", (await signing.Run(null, "kv", "get", "greeting")).Error, StringComparison.Ordinal);
        signing.Environment.Clear();
        Assert.Equal(0, (await shell.Run(null, "api-keys", "signing", "remove", prefix, secret[..12])).Exit);
        Assert.NotEqual(0, (await signing.Run(null, "kv", "get", "greeting")).Exit);
        Assert.Equal(0, (await shell.Run(null, "api-keys", "signing", "require", prefix, "--off")).Exit);
        Assert.NotEqual(0, (await shell.Run(null, "api-keys", "signing", "remove", prefix, secret[..12])).Exit);

        var pem = shell.Write("key.pem", "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\n-----END PUBLIC KEY-----\n");
        Assert.Matches("^fgs_[0-9A-Za-z]{8}$", (await shell.Run(null, "api-keys", "signing", "add", prefix, "--ed25519", pem)).Out.Trim());
        Assert.Contains("cannot be read", (await shell.Run(null, "api-keys", "signing", "add", prefix, "--ed25519", "gone.pem")).Error, StringComparison.Ordinal);
    }
}
