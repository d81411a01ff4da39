using Fluxgate.Data.Vault;
using Fluxgate.Server;
using Fluxgate.Server.Hosting;
using Fluxgate.Testing;

namespace Fluxgate.Engine.Tests.Vault;

public sealed class RootKeyTests
{
    private const string Key = "q7Zb0Q6s1S9cVYyJmM3x4w5tQk2u8rEoL0aPdHnFgXU=";

    [Theory]
    [InlineData("production")]
    [InlineData("staging")]
    public async Task F806_Production_and_staging_refuse_to_start_without_a_root_key_and_say_how_to_make_one(string profile)
    {
        using var directory = new TemporaryDirectory();
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => Start(directory, ("profile", profile)));
        Assert.Contains("FLUXGATE_VAULT__ROOT_KEY", refused.Message);
        Assert.Contains("openssl rand -base64 32", refused.Message);
        // Refused before anything was made.
        Assert.Empty(Directory.GetFileSystemEntries(directory.Path));
    }

    [Theory]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("abababababababababababababababababababababababababababababababab")]
    [InlineData("q7Zb0Q6s1S9cVYyJmM3x4w==")]
    [InlineData("q7Zb0Q6s1S9cVYyJmM3x4w5tQk2u8rEoL0aPdHnFgXXV5w==")]
    [InlineData("00112233445566778899aabbccddeeff00112233445566778899aabbccddee")]
    [InlineData("correct horse battery staple")]
    [InlineData("zz112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")]
    public async Task F806_A_weak_root_key_is_refused_in_every_profile_and_not_repeated(string key)
    {
        using var directory = new TemporaryDirectory();
        foreach (var profile in (string[])["production", "development"])
        {
            var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => Start(directory, ("profile", profile), ("vault:root_key", key)));
            Assert.Contains("vault.root_key", refused.Message);
            Assert.DoesNotContain(key, refused.Message);
        }
    }

    [Theory]
    [InlineData(Key)]
    [InlineData("  abb65bd10eacd52f5c558c8998cdf1e30e6d424daef2b1282f468f7479c5817500\n", true)]
    [InlineData("ABB65BD10EACD52F5C558C8998CDF1E30E6D424DAEF2B1282F468F7479C58175")]
    public void F806_A_root_key_is_base64_or_hexadecimal(string text, bool tooLong = false)
    {
        if (tooLong)
            Assert.Throws<InvalidOperationException>(() => RootKey.Parse(text, "here"));
        else
            Assert.NotNull(RootKey.Parse(text, "here"));
    }

    [Fact]
    public void F806_The_development_profile_makes_a_key_once_that_only_its_owner_can_read()
    {
        using var directory = new TemporaryDirectory();
        var row = Guid.CreateVersion7();
        var value = RootKey.Load(new VaultOptions(), directory.Path).Key.Seal(Guid.Empty, SealedField.InstallationKey, row, [1, 2, 3]);
        Assert.Equal([1, 2, 3], RootKey.Load(new VaultOptions(), directory.Path).Key.Open(Guid.Empty, SealedField.InstallationKey, row, value));
        var file = Path.Combine(directory.Path, "root.key");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(["root.key"], Directory.GetFiles(directory.Path).Select(Path.GetFileName));

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var refused = Assert.Throws<InvalidOperationException>(() => RootKey.Load(new VaultOptions(), directory.Path));
        Assert.Contains("chmod 600", refused.Message);
    }

    [Fact]
    public async Task F806_Another_root_key_than_the_installations_is_refused_at_start()
    {
        await using var installation = await TestInstallation.Start(("vault:root_key", Key));
        await installation.NewOrganization();
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => installation.Restart(("vault:root_key", Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(i => (byte)i)]))));
        Assert.Contains("vault.root_key", refused.Message);
        await installation.Restart(("vault:root_key", Key));
        await installation.NewOrganization();
    }

    private static Task<FluxgateApplication> Start(TemporaryDirectory directory, params (string Key, string Value)[] settings) =>
        FluxgateApplication.Start(
            FluxgateConfiguration.Load(null, [KeyValuePair.Create("data_directory", (string?)directory.Path), KeyValuePair.Create("listen", (string?)"http://127.0.0.1:0"), .. settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))]),
            CancellationToken.None);

    private sealed class TemporaryDirectory : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("fluxgate-test-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
