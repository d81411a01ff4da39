using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Cli;

public sealed class OperatorCommandTests
{
    [Fact]
    public async Task FN02_A_new_pepper_takes_over_as_keys_are_used_and_the_old_one_stays_good()
    {
        await using var installation = await TestInstallation.Start();
        var owner = await installation.NewOrganization();
        var (used, unused) = (await owner.NewKey("members:read"), await owner.NewKey("members:read"));
        async Task<string> Version(System.Text.Json.JsonElement key) => await installation.TextOf("select pepper_version::text from api_keys where id = $1", key.Id());
        using var shell = new CommandLine();
        shell.Environment["FLUXGATE_DATABASE__HOST"] = installation.DatabaseSocket;
        shell.Environment["FLUXGATE_PROFILE"] = "development";
        var (exit, output, error) = await shell.Run(null, "rotate-pepper", "--data", installation.DataDirectory);
        Assert.Equal((0, "The pepper has version 2 now.", ""), (exit, output.Trim(), error));
        // The running server does not know of it yet, and need not.
        await installation.KeyClient(used).Get("/v1/members").Success();
        await installation.Restart();
        await installation.Change("update api_keys set last_used_at = last_used_at - interval '2 minutes' where id = $1", used.Id());
        foreach (var key in (System.Text.Json.JsonElement[])[used, used])
            await installation.KeyClient(key).Get("/v1/members").Success();
        Assert.Equal(("2", "1"), (await Version(used), await Version(unused)));
        await installation.KeyClient(unused).Get("/v1/members").Success();
        Assert.Equal("2", await Version(unused));
    }
}
