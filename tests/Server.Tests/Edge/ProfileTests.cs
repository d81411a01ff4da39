using Fluxgate.Server.Hosting;
using Fluxgate.Server.Tests.Access;
using Fluxgate.Server.Tests.Cli;
using Fluxgate.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Server.Tests.Edge;

public sealed class ProfileTests
{
    private const string Key = "q7Zb0Q6s1S9cVYyJmM3x4w5tQk2u8rEoL0aPdHnFgXU=";

    private static async Task<string> Refusal(params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?> { ["profile"] = "production", ["data_directory"] = "/nowhere", ["vault:root_key"] = Key };
        foreach (var (key, value) in settings)
            all[key] = value;
        return (await Assert.ThrowsAsync<InvalidOperationException>(() => FluxgateApplication.Start(FluxgateConfiguration.Load(null, all), CancellationToken.None))).Message;
    }

    [Fact]
    public async Task FB12_F821_Production_names_every_reason_not_to_start_at_once_and_touches_nothing()
    {
        var refusal = await Refusal(
            ("vault:root_key", Convert.ToBase64String("this is a readable key of 32 by."u8)), ("listen", "http://0.0.0.0:8480;https://0.0.0.0:8443;gopher"),
            ("database:host", "db.example.com"), ("database:password", "postgres"), ("database:admin_password", "Change-Me-123!"), ("bootstrap:owner_password", "password1234"),
            ("edge:allowed_origins:0", "*"), ("edge:allowed_origins:1", "https://*.example.com"), ("edge:allowed_origins:2", "https://app.example.com/"),
            ("surfaces:api_port", "1"), ("surfaces:console_networks:0", "0.0.0.0/0"), ("egress:max_response_bytes", "1"), ("http:max_headers", "1"), ("database:nosuch", "1"), ("tls:key_path", "/x"));
        foreach (var fault in (string[])
        [
            "vault.root_key", "'http://0.0.0.0:8480' takes plain HTTP", "'https://0.0.0.0:8443' needs tls", "'gopher'", "database.tls", "database.password", "database.admin_password", "bootstrap.owner_password",
            "'*'", "'https://*.example.com'", "'https://app.example.com/'", "surfaces.api_port", "surfaces.console_networks", "egress.max_response_bytes", "http.max_headers", "database.nosuch", "tls.certificate_path",
        ])
            Assert.Contains(fault, refusal, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("password1234", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0/0")]
    [InlineData("::/0")]
    [InlineData("10.0.0.1/8")]
    [InlineData("::ffff:10.0.0.0/104")]
    [InlineData("proxy.example.com")]
    public async Task Abuse08_A_range_of_proxies_that_means_everybody_or_nothing_is_refused(string proxies) =>
        Assert.Contains("edge.trusted_proxies", await Refusal(("edge:trusted_proxies:0", proxies)), StringComparison.Ordinal);

    [Theory]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")]
    [InlineData("ababcdcdababcdcdababcdcdababcdcdababcdcdababcdcdababcdcdababcdcd")]
    [InlineData("7468697320697320612072656164616c6c206f6620333220627974657320206f")]
    public async Task FB12_A_root_key_that_was_typed_is_refused(string key) =>
        Assert.Contains("vault.root_key", await Refusal(("vault:root_key", key)), StringComparison.Ordinal);

    [Fact]
    public async Task F821_Production_refuses_roles_that_row_level_security_does_not_hold()
    {
        await using var installation = await TestInstallation.Start(("vault:root_key", Key));
        await installation.Change("alter role fluxgate_app bypassrls");
        await installation.Change("alter role fluxgate_engine superuser");
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => installation.Restart(("vault:root_key", Key), ("profile", "production")));
        Assert.Contains("fluxgate_app bypasses row level security", refused.Message, StringComparison.Ordinal);
        Assert.Contains("fluxgate_engine is superuser", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, LogLevel.Information)]
    [InlineData("error", LogLevel.Error)]
    public async Task FB12_The_profile_says_what_is_logged_unless_a_setting_does(string? setting, LogLevel least)
    {
        await using var node = await (await Installation.Get()).AnotherNode(setting is null ? [] : [("log_level", setting)]);
        var log = node.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Fluxgate.Any");
        Assert.True(log.IsEnabled(least));
        Assert.False(log.IsEnabled(least - 1));
    }

    [Fact]
    public async Task FB12_The_operator_changes_what_running_servers_log_for_a_time_and_it_is_kept_who_and_why()
    {
        await using var installation = await TestInstallation.Start();
        await using var second = await installation.AnotherNode(("log_level", "error"));
        using var shell = new CommandLine();
        shell.Environment["FLUXGATE_DATABASE__HOST"] = installation.DatabaseSocket;
        shell.Environment["FLUXGATE_PROFILE"] = "development";
        async Task<string> Operate(params string[] arguments)
        {
            var (exit, output, error) = await shell.Run(null, ["log-level", .. arguments, "--data", installation.DataDirectory]);
            Assert.Equal((0, ""), (exit, error));
            return output;
        }
        Task Logs(IServiceProvider services, LogLevel least)
        {
            var log = services.GetRequiredService<ILoggerFactory>().CreateLogger("Fluxgate.Any");
            return Condition.Holds(() => Task.FromResult(log.IsEnabled(least) && !log.IsEnabled(least - 1)), $"it logs from {least} on", seconds: 10);
        }
        await Operate("set", "debug", "--reason", "a sender is refused", "--for", "3s");
        await Task.WhenAll(Logs(installation.Services, LogLevel.Debug), Logs(second.Services, LogLevel.Debug));
        Assert.False(second.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Microsoft.Any").IsEnabled(LogLevel.Information));
        // After its time each server's configuration counts again.
        await Task.WhenAll(Logs(installation.Services, LogLevel.Information), Logs(second.Services, LogLevel.Error));
        await Operate("set", "warning", "--reason", "too much");
        await Task.WhenAll(Logs(installation.Services, LogLevel.Warning), Logs(second.Services, LogLevel.Warning));
        await Operate("set", "configured", "--reason", "it is over");
        await Task.WhenAll(Logs(installation.Services, LogLevel.Information), Logs(second.Services, LogLevel.Error));

        Assert.Equal(["configured", "warning", "debug"], (await Operate("show")).Trim().Split('\n').Skip(1).Select(l => l.Split(' ')[0]));
        var (exit, _, error) = await shell.Run(null, "log-level", "set", "debug", "--reason", "", "--data", installation.DataDirectory);
        Assert.True(exit == 1 && error.Contains("log_level.reason", StringComparison.Ordinal), error);
        // Nobody takes it back unseen.
        await Assert.ThrowsAnyAsync<Exception>(() => installation.Change("set role fluxgate_platform; delete from log_levels"));
    }

#if DEBUG
    [Fact]
    public async Task FN13_A_debug_build_takes_requests_without_the_signature_that_is_asked_for()
    {
        await using var installation = await TestInstallation.Start(("signatures:optional", "true"));
        var owner = await installation.NewOrganization();
        var key = await owner.NewKey("workflows:read");
        await owner.Post($"/api-keys/{key.Id()}/signing-keys", new { algorithm = "hmac_sha256" }).Success();
        await owner.Put($"/api-keys/{key.Id()}/signing", new { required = true }).Success();
        await installation.KeyClient(key).Get("/v1/workflows").Success();
    }
#else
    [Theory]
    [InlineData("development")]
    [InlineData("staging")]
    [InlineData("production")]
    public async Task FN13_A_release_refuses_to_start_with_signatures_switched_off(string profile) =>
        Assert.Contains("signatures.optional exists in debug builds alone", await Refusal(("profile", profile), ("signatures:optional", "true")), StringComparison.Ordinal);
#endif
}
