using System.Diagnostics;
using System.Text.RegularExpressions;
using Fluxgate.Client;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Signatures;

/// <summary>The programs of the guide, as they stand there, against a key that has to sign.</summary>
public sealed partial class SigningGuideTests
{
    [GeneratedRegex("```(?<language>[a-z]+)\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    private static string Guide => File.ReadAllText(Path.Combine(WorkingTree.Root, "docs/guide/signed-requests.md"));

    [Theory]
    [InlineData("bash", "bash", ".sh")]
    [InlineData("js", "node", ".mjs")]
    [InlineData("python", "python3", ".py")]
    public async Task FN01_The_guides_programs_sign_as_they_stand(string language, string interpreter, string extension)
    {
        var (owner, client, environment) = await Scene();
        var file = Path.Combine(Directory.CreateTempSubdirectory("fluxgate-guide-").FullName, "example" + extension);
        await File.WriteAllTextAsync(file, Block().Matches(Guide).Single(m => m.Groups["language"].Value == language).Groups["code"].Value);
        var start = new ProcessStartInfo(interpreter, [file]) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync(limit.Token);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        Assert.True(process.ExitCode == 0, await output + await errors);
        Assert.Equal("hello", (await owner.Get("/kv/organization/greeting").Success()).Text("value"));
        await client.Get("/v1/kv/organization/greeting").Refuses(401, "signature.missing");
    }

    [Fact]
    public async Task FN01_The_guides_csharp_is_what_the_client_does()
    {
        var (owner, _, environment) = await Scene();
        await owner.Put("/kv/organization/greeting", new { value = "hello" }).Success();
        var code = Block().Matches(Guide).Single(m => m.Groups["language"].Value == "csharp").Groups["code"].Value;
        // Compiled here, and there it stands the same.
        Assert.Contains("""using var client = new FluxgateClient(new Uri(Setting("FLUXGATE_URL")), Setting("FLUXGATE_API_KEY"), new RequestSigner(Setting("FLUXGATE_SIGNING_SECRET")));""", code, StringComparison.Ordinal);
        Assert.Contains("""await client.Get("/kv/organization/greeting")""", code, StringComparison.Ordinal);
        string Setting(string name) => environment[name];
        using var client = new FluxgateClient(new Uri(Setting("FLUXGATE_URL")), Setting("FLUXGATE_API_KEY"), new RequestSigner(Setting("FLUXGATE_SIGNING_SECRET")));
        Assert.Equal("hello", (await client.Get("/kv/organization/greeting"))!["value"]!.GetValue<string>());
        await client.Put("/kv/organization/other", new System.Text.Json.Nodes.JsonObject { ["value"] = 1 }, default, ("Idempotency-Key", "abc"));
    }

    private static async Task<(TestMember Owner, TestClient Client, Dictionary<string, string> Environment)> Scene()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var key = await owner.NewKey("kv:read", "kv:write");
        var secret = (await owner.Post($"/api-keys/{key.Id()}/signing-keys", new { algorithm = "hmac_sha256" }).Success()).Text("secret");
        await owner.Put($"/api-keys/{key.Id()}/signing", new { required = true }).Success();
        return (owner, installation.KeyClient(key), new Dictionary<string, string>
        {
            ["FLUXGATE_URL"] = installation.Address.GetLeftPart(UriPartial.Authority),
            ["FLUXGATE_API_KEY"] = key.Text("key"),
            ["FLUXGATE_SIGNING_SECRET"] = secret,
        });
    }
}
