using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Hooks;

/// <summary>FX15 and FX04: how senders of webhooks prove themselves by Standard Webhooks and by user name and password.</summary>
public sealed class SenderProofTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static readonly byte[] Body = """{"n":4}"""u8.ToArray();

    private static async Task<HookScene> Scene(string type)
    {
        var scene = await HookScene.New();
        object secret = type == "basic" ? new { username = "erp", password = "pass:wörd" } : new { secret = Secret };
        await scene.Owner.Post("/credentials", new { name = "proof", type, allowed_hosts = new[] { "example.test" }, secret }).Success();
        await scene.Owner.Publish(HookScene.Document("Proven", auth: $"{{ type: {type}, credential: proof }}").Replace("path: in", "path: proven", StringComparison.Ordinal));
        return scene;
    }

    private static string Now(TimeSpan ago = default) => (TimeProvider.System.GetUtcNow() - ago).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static string Signature(string id, string time, byte[] body, string secret = Secret) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), (byte[])[.. Encoding.UTF8.GetBytes($"{id}.{time}."), .. body]));

    private static Task<HttpResponseMessage> Send(HookScene scene, string id, string time, params string[] signatures) => scene.Post(
        "proven", SignedRequest.Json(Body), [("webhook-id", id), ("webhook-timestamp", time), .. signatures.Select(s => ("webhook-signature", s))]);

    /// <summary>The example of the standard's own documentation.</summary>
    [Fact]
    public void FX15_The_standards_own_example_is_signed_as_the_standard_says() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", Signature("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", """{"test": 2432232314}"""u8.ToArray()));

    [Fact]
    public async Task FX15_A_standard_webhook_starts_a_run_once()
    {
        var scene = await Scene("standard_webhooks");
        var time = Now();
        var first = await Send(scene, "msg_1", time, Signature("msg_1", time, Body)).Success();
        var run = await scene.Owner.FinishedRun(first.Text("run_id"));
        Assert.Equal(8, run.GetProperty("output").GetInt32());
        Assert.DoesNotContain("v1,", run.GetRawText(), StringComparison.Ordinal);
        var later = Now(TimeSpan.FromSeconds(2));
        Assert.True((await Send(scene, "msg_1", later, Signature("msg_1", later, Body)).Success()).GetProperty("repeated").GetBoolean());
        Assert.Equal(1, await scene.Runs());
    }

    [Fact]
    public async Task FX15_While_the_sender_changes_its_secret_one_right_signature_of_several_is_enough()
    {
        var scene = await Scene("standard_webhooks");
        var time = Now();
        var old = Signature("msg_1", time, Body, "whsec_" + Convert.ToBase64String(new byte[32]));
        await Send(scene, "msg_1", time, $"{old} {old}").Refuses(401, "hook.refused");
        await Send(scene, "msg_1", time, $"{old} v1a,x {Signature("msg_1", time, Body)}").Success();
        await Send(scene, "msg_2", time, string.Join(' ', Enumerable.Repeat(old, 50).Append(Signature("msg_2", time, Body)))).Refuses(401, "hook.refused");
        Assert.Equal(1, await scene.Runs());
    }

    [Fact]
    public async Task Abuse07_A_standard_webhook_that_is_old_forged_or_half_is_refused()
    {
        var scene = await Scene("standard_webhooks");
        var time = Now();
        var right = Signature("msg_1", time, Body);
        foreach (var off in (TimeSpan[])[TimeSpan.FromMinutes(6), TimeSpan.FromMinutes(-6)])
            await Send(scene, "msg_1", Now(off), Signature("msg_1", Now(off), Body)).Refuses(401, "hook.refused");
        await Send(scene, "msg_2", time, right).Refuses(401, "hook.refused");
        await Send(scene, "msg_1", (long.Parse(time, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture), right).Refuses(401, "hook.refused");
        await Send(scene, "msg_1", "0" + time, Signature("msg_1", "0" + time, Body)).Refuses(401, "hook.refused");
        await Send(scene, "msg_1", time).Refuses(401, "hook.refused");
        await Send(scene, "msg_1", time, "").Refuses(401, "hook.refused");
        await Send(scene, "msg_1", time, right["v1,".Length..]).Refuses(401, "hook.refused");
        await Send(scene, "msg_1", time, right[..^1]).Refuses(401, "hook.refused");
        await Send(scene, "msg.1/..", time, Signature("msg.1/..", time, Body)).Refuses(401, "hook.refused");
        await Send(scene, "msg_1", "99999999999999999999", right).Refuses(401, "hook.refused");
        Assert.Equal(0, await scene.Runs());
        Assert.NotEmpty(await scene.Installation.Audited(scene.Owner.Organization, "webhook.refused"));
    }

    [Fact]
    public async Task FX15_User_name_and_password_prove_a_sender_and_stay_out_of_run_data()
    {
        var scene = await Scene("basic");
        static string Basic(string text) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        Task<HttpResponseMessage> Send(params (string, string)[] headers) => scene.Post("proven", SignedRequest.Json(Body), headers);
        foreach (var wrong in (string[])["erp:pass:word", "erp:", "erp", ":pass:wörd", "ERP:pass:wörd"])
            await Send(("Authorization", Basic(wrong))).Refuses(401, "hook.refused");
        await Send().Refuses(401, "hook.refused");
        await Send(("Authorization", "Bearer erp")).Refuses(401, "hook.refused");
        Assert.Equal(0, await scene.Runs());
        var run = (await Send(("Authorization", Basic("erp:pass:wörd")), ("Fluxgate-Delivery", "d1")).Success()).Text("run_id");
        Assert.DoesNotContain(Basic("erp:pass:wörd")[6..], (await scene.Owner.FinishedRun(run)).GetRawText(), StringComparison.Ordinal);
        Assert.True((await Send(("Authorization", Basic("erp:pass:wörd")), ("Fluxgate-Delivery", "d1")).Success()).GetProperty("repeated").GetBoolean());
    }

    [Theory]
    [InlineData("standard_webhooks")]
    [InlineData("basic")]
    [InlineData("api_key")]
    public async Task FX04_A_trigger_takes_credentials_of_its_own_type_alone(string type)
    {
        var scene = await HookScene.New();
        var refused = await scene.Owner.Draft(HookScene.Document("Other", auth: $"{{ type: {type}, credential: signer }}"));
        Assert.Equal("credential.type", Assert.Single((await refused.Json()).GetProperty("errors").EnumerateArray()).Text("code"));
    }

    [Theory]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_short")]
    [InlineData("whsec_")]
    [InlineData("whsec_!!!!")]
    public async Task A_secret_that_no_sender_has_is_refused(string secret)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        await owner.Post("/credentials", new { name = "s", type = "standard_webhooks", allowed_hosts = new[] { "example.test" }, secret = new { secret } }).Refuses(400, "request.invalid");
    }
}
