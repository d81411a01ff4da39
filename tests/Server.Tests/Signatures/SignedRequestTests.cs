using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fluxgate.Server.Security.Signatures;
using Fluxgate.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Fluxgate.Server.Tests.Signatures;

public sealed class SignedRequestTests
{
    private sealed record Scene(TestInstallation Installation, TestMember Owner, JsonElement Key, TestClient Client, string Secret)
    {
        public RequestSigning Signing => RequestSigning.Hmac(Secret);

        public Task<HttpResponseMessage> Send(RequestSigning signing, HttpMethod? method = null, string path = "/v1/members", object? body = null, params (string, string)[] headers) =>
            signing.Send(Client, method ?? HttpMethod.Get, path, body, headers);
    }

    private static async Task<Scene> NewScene(bool required = true)
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var key = await owner.NewKey("members:read", "kv:read", "kv:write", "webhooks:write", "webhooks:read");
        var signing = await owner.Post($"/api-keys/{key.Id()}/signing-keys", new { algorithm = "hmac_sha256" }).Success();
        if (required)
            await owner.Put($"/api-keys/{key.Id()}/signing", new { required = true }).Success();
        return new Scene(installation, owner, key, installation.KeyClient(key), signing.Text("secret"));
    }

    [Fact]
    public async Task FN01_A_key_that_has_to_sign_is_refused_unsigned_and_taken_signed()
    {
        var scene = await NewScene();
        var unsigned = await scene.Client.Get("/v1/members");
        Assert.Equal((401, "signature.missing"), ((int)unsigned.StatusCode, await unsigned.Code()));
        Assert.Contains("tag=\"fluxgate\"", unsigned.Headers.GetValues("Accept-Signature").Single(), StringComparison.Ordinal);
        await scene.Send(scene.Signing).Success();
        await scene.Send(scene.Signing, path: "/v1/members?limit=5").Success();
        await scene.Send(scene.Signing, path: $"/v1/orgs/{scene.Owner.Slug}/members").Success();
        await scene.Send(scene.Signing, HttpMethod.Put, "/v1/kv/organization/a", new { value = 1 }).Success();
        Assert.Equal("signature.missing", (await scene.Installation.EventuallyAudited(scene.Owner.Organization, "signature.refused")).GetProperty("details").Text("reason"));

        await scene.Owner.Put($"/api-keys/{scene.Key.Id()}/signing", new { required = false }).Success();
        await scene.Client.Get("/v1/members").Success();
        Assert.Equal(2, (await scene.Installation.Audited(scene.Owner.Organization, "api_key.signing_changed")).Length);
    }

    [Fact]
    public async Task Abuse12_A_captured_request_is_refused_at_once_on_this_and_on_another_node()
    {
        var scene = await NewScene();
        await using var other = await scene.Installation.AnotherNode();
        // One public address for both, as behind a balancer: what is signed is the address that the sender called.
        var elsewhere = new TestClient(other.Address) { ApiKey = scene.Client.ApiKey };
        var signing = scene.Signing;
        await scene.Send(signing).Success();
        await scene.Send(signing).Refuses(401, "signature.replayed");
        await (signing with { Target = new Uri(other.Address, "/v1/members").AbsoluteUri }).Send(elsewhere, HttpMethod.Get, "/v1/members").Refuses(401, "signature.replayed");
        // The nonce is spent for everything that the key does.
        await scene.Send(signing, path: "/v1/members?limit=3").Refuses(401, "signature.replayed");
        await scene.Send(scene.Signing).Success();
    }

    [Fact]
    public async Task FN01_A_nonce_is_kept_until_no_signature_can_be_valid_with_it_and_then_deleted()
    {
        var scene = await NewScene();
        await scene.Send(scene.Signing).Success();
        const string Count = "select count(*) from request_nonces where organization_id = $1";
        await scene.Installation.Change("insert into request_nonces values ($1, $2, 'sixteen letters or more', now() - interval '1 second')", scene.Owner.Organization, scene.Key.Id());
        Assert.Equal("2", await scene.Installation.TextOf(Count, scene.Owner.Organization));
        await scene.Installation.Services.GetRequiredService<NonceLedger>().DeleteOld(CancellationToken.None);
        Assert.Equal("1", await scene.Installation.TextOf(Count, scene.Owner.Organization));
    }

    [Fact]
    public async Task Abuse12_Of_many_that_send_one_signed_request_at_once_to_two_nodes_one_gets_through()
    {
        var scene = await NewScene();
        await using var other = await scene.Installation.AnotherNode();
        var elsewhere = new TestClient(other.Address) { ApiKey = scene.Client.ApiKey };
        var there = scene.Signing;
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => i % 2 == 0
            ? scene.Send(there)
            : (there with { Target = new Uri(other.Address, "/v1/members").AbsoluteUri }).Send(elsewhere, HttpMethod.Get, "/v1/members")));
        Assert.Equal((1, 39), (answers.Count(a => (int)a.StatusCode == 200), answers.Count(a => (int)a.StatusCode == 401)));
    }

    [Theory]
    [InlineData(-299, true)]
    [InlineData(-301, false)]
    [InlineData(299, true)]
    [InlineData(301, false)]
    public async Task FN01_The_clock_of_a_sender_may_be_off_by_five_minutes(int seconds, bool taken)
    {
        var scene = await NewScene();
        var signing = scene.Signing;
        // One second of grace where the test itself takes one: a created of 299 s ago may have become 300 s.
        signing = signing with { Created = signing.Created + seconds };
        if (taken)
            await scene.Send(signing).Success();
        else
            await scene.Send(signing).Refuses(401, "signature.time");
    }

    [Fact]
    public async Task FN01_What_is_not_in_the_profile_is_refused_with_what_to_mend()
    {
        var scene = await NewScene();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        foreach (var signing in (RequestSigning[])
        [
            scene.Signing with { Expires = now },
            scene.Signing with { Expires = now + 302 },
            scene.Signing with { Nonce = "short" },
            scene.Signing with { Nonce = new string('a', 65) },
            scene.Signing with { Nonce = "0123456789 abcdef" },
            scene.Signing with { More = ";extra=1" },
            scene.Signing with { More = ";alg=\"ed25519\"" },
            scene.Signing with { Without = ["@method"] },
            scene.Signing with { Without = ["@target-uri"] },
        ])
            await scene.Send(signing).Refuses(401, "signature.invalid");
        await scene.Send(scene.Signing with { More = ";alg=\"hmac-sha256\"" }).Success();
        await scene.Send(scene.Signing with { Tag = "another" }).Refuses(401, "signature.missing");
        await scene.Send(scene.Signing with { Created = now - 100, Expires = now - 50 }).Refuses(401, "signature.time");
        await scene.Send(scene.Signing with { KeyId = "fgs_00000000" }).Refuses(401, "signature.key");
        foreach (var missing in (string[])["content-type", "content-digest"])
            await scene.Send(scene.Signing with { Without = [missing] }, HttpMethod.Put, "/v1/kv/organization/a", new { value = 1 }).Refuses(401, "signature.invalid");
        foreach (var field in (string[])["Idempotency-Key", "If-Match"])
            await scene.Send(scene.Signing with { Without = [field.ToLowerInvariant()] }, HttpMethod.Get, "/v1/members", null, (field, "\"1\"")).Refuses(401, "signature.invalid");
    }

    [Fact]
    public async Task Abuse12_A_request_that_was_changed_on_its_way_does_not_fit()
    {
        var scene = await NewScene();
        await scene.Send(scene.Signing with { Target = new Uri(scene.Client.Address, "/v1/members?limit=5").AbsoluteUri }).Refuses(401, "signature.mismatch");
        await scene.Send(scene.Signing with { Target = "https://fluxgate.example/v1/members" }).Refuses(401, "signature.mismatch");
        await scene.Send(RequestSigning.Hmac(scene.Secret[..^1] + (scene.Secret[^1] == 'x' ? 'y' : 'x'))).Refuses(401, "signature.mismatch");

        var (content, fields) = scene.Signing.Signed(scene.Client.Address, HttpMethod.Put, "/v1/kv/organization/a", new { value = 1 });
        await scene.Client.Send(HttpMethod.Delete, "/v1/kv/organization/a", content, fields).Refuses(401, "signature.mismatch");
        // Another body under the same digest, and a digest of its own that nobody signed.
        var (signed, same) = scene.Signing.Signed(scene.Client.Address, HttpMethod.Put, "/v1/kv/organization/a", new { value = 1 });
        var other = new ByteArrayContent("{\"value\":2}"u8.ToArray()) { Headers = { { "Content-Type", "application/json" } } };
        other.Headers.Add("Content-Digest", signed!.Headers.GetValues("Content-Digest"));
        await scene.Client.Send(HttpMethod.Put, "/v1/kv/organization/a", other, same).Refuses(401, "signature.digest");
        var forged = new ByteArrayContent("{\"value\":2}"u8.ToArray()) { Headers = { { "Content-Type", "application/json" } } };
        forged.Headers.Add("Content-Digest", $"sha-256=:{Convert.ToBase64String(SHA256.HashData("{\"value\":2}"u8))}:");
        await scene.Client.Send(HttpMethod.Put, "/v1/kv/organization/a", forged, same).Refuses(401, "signature.mismatch");
        // What was signed without a body carries none.
        var (_, bodiless) = scene.Signing.Signed(scene.Client.Address, HttpMethod.Put, "/v1/kv/organization/a", null);
        await scene.Client.Send(HttpMethod.Put, "/v1/kv/organization/a", new { value = 3 }, bodiless).Refuses(401, "signature.invalid");
        // A body of another digest did not use the nonce up: the right one still goes through.
        await scene.Client.Send(HttpMethod.Put, "/v1/kv/organization/a", signed, same).Success();
    }

    [Fact]
    public async Task FN01_An_optional_signature_is_checked_all_the_same()
    {
        var scene = await NewScene(required: false);
        await scene.Client.Get("/v1/members").Success();
        await scene.Send(scene.Signing).Success();
        await scene.Send(scene.Signing with { Nonce = "short" }).Refuses(401, "signature.invalid");
        await scene.Send(scene.Signing with { KeyId = "fgs_00000000" }).Refuses(401, "signature.key");
        await scene.Client.Send(HttpMethod.Get, "/v1/members", null, ("Signature", "?"), ("Signature-Input", "nonsense")).Refuses(401, "signature.invalid");
    }

    [Fact]
    public async Task FN01_An_organization_asks_for_signatures_of_changes_or_of_everything_and_people_need_none()
    {
        var scene = await NewScene(required: false);
        var policy = await scene.Owner.Get("/settings/signed-requests").Success();
        Assert.Equal(("by_key", 0), (policy.Text("required"), policy.GetProperty("version").GetInt32()));
        await scene.Owner.Put("/settings/signed-requests", new { required = "changes" }).Refuses(428, "precondition.missing");
        await scene.Owner.Put("/settings/signed-requests", new { required = "changes" }, ("If-Match", "\"0\"")).Success();
        await scene.Client.Get("/v1/members").Success();
        await scene.Client.Put("/v1/kv/organization/a", new { value = 1 }).Refuses(401, "signature.missing");
        await scene.Send(scene.Signing, HttpMethod.Put, "/v1/kv/organization/a", new { value = 1 }).Success();
        await scene.Owner.Put("/settings/signed-requests", new { required = "all" }, ("If-Match", "\"0\"")).Refuses(412, "resource.stale");
        await scene.Owner.Put("/settings/signed-requests", new { required = "all" }, ("If-Match", "\"1\"")).Success();
        await scene.Client.Get("/v1/members").Refuses(401, "signature.missing");
        await scene.Send(scene.Signing).Success();
        await scene.Owner.Put("/kv/organization/a", new { value = 2 }).Success();
        Assert.Equal(2, (await scene.Installation.Audited(scene.Owner.Organization, "signing_policy.updated")).Length);
    }

    [Fact]
    public async Task FN01_A_signed_request_is_repeated_with_the_same_idempotency_key_and_another_nonce()
    {
        var scene = await NewScene();
        var body = new { name = "W", url = "https://receiver.example/hook", event_types = new[] { "*" } };
        var first = await scene.Send(scene.Signing, HttpMethod.Post, "/v1/webhook-endpoints", body, ("Idempotency-Key", "k1"));
        Assert.True(first.IsSuccessStatusCode, await first.Content.ReadAsStringAsync());
        await scene.Send(scene.Signing, HttpMethod.Post, "/v1/webhook-endpoints", body, ("Idempotency-Key", "k1")).Refuses(409, "idempotency.secret_not_replayable");
    }

    [Fact]
    public async Task FN01_Signing_keys_are_shown_once_kept_sealed_and_gone_at_once()
    {
        var scene = await NewScene();
        Assert.Matches("^fgs_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}$", scene.Secret);
        var listed = await scene.Owner.Get($"/api-keys/{scene.Key.Id()}/signing-keys").Success();
        var item = Assert.Single(listed.GetProperty("items").EnumerateArray());
        Assert.Equal((scene.Secret[..12], "hmac_sha256"), (item.Text("key_id"), item.Text("algorithm")));
        Assert.DoesNotContain(scene.Secret[13..], listed.GetRawText() + (await scene.Owner.Get($"/api-keys/{scene.Key.Id()}/signing-keys/{item.Id()}").Success()).GetRawText(), StringComparison.Ordinal);
        var created = Assert.Single(await scene.Installation.Audited(scene.Owner.Organization, "signing_key.created"));
        Assert.DoesNotContain(scene.Secret[13..], created.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("false", await scene.Installation.TextOf("select (position(convert_to($2, 'UTF8') in secret) > 0)::text from signing_keys where organization_id = $1", scene.Owner.Organization, scene.Secret[13..]));

        for (var i = 0; i < 4; i++)
            await scene.Owner.Post($"/api-keys/{scene.Key.Id()}/signing-keys", new { algorithm = "hmac_sha256" }).Success();
        await scene.Owner.Post($"/api-keys/{scene.Key.Id()}/signing-keys", new { algorithm = "hmac_sha256" }).Refuses(422, "signing_key.too_many");
        await scene.Send(scene.Signing).Success();
        Assert.Equal(204, (int)(await scene.Owner.Delete($"/api-keys/{scene.Key.Id()}/signing-keys/{item.Id()}")).StatusCode);
        await scene.Send(scene.Signing).Refuses(401, "signature.key");
        await scene.Owner.Delete($"/api-keys/{scene.Key.Id()}/signing-keys/{item.Id()}").Refuses(404, "signing_key.not_found");
        Assert.Single(await scene.Installation.Audited(scene.Owner.Organization, "signing_key.deleted"));
    }

    [Fact]
    public async Task FN01_A_signing_key_belongs_to_one_api_key_and_goes_on_with_its_follower()
    {
        var scene = await NewScene();
        var another = await scene.Owner.NewKey("members:read");
        await scene.Signing.Send(scene.Installation.KeyClient(another), HttpMethod.Get, "/v1/members").Refuses(401, "signature.key");
        await scene.Owner.Put($"/api-keys/{another.Id()}/signing", new { required = true }).Refuses(422, "signing_key.missing");

        var next = scene.Installation.KeyClient(await scene.Owner.Post($"/api-keys/{scene.Key.Id()}/rotate", new { grace_hours = 1 }).Success());
        await next.Get("/v1/members").Refuses(401, "signature.missing");
        await scene.Signing.Send(next, HttpMethod.Get, "/v1/members").Success();
        await scene.Send(scene.Signing).Success();
    }

    [Fact]
    public async Task FN01_Ed25519_keys_sign_and_the_server_never_holds_their_secret()
    {
        var scene = await NewScene();
        var (publicKey, sign) = Ed25519Key.New();
        var path = $"/api-keys/{scene.Key.Id()}/signing-keys";
        var pem = $"-----BEGIN PUBLIC KEY-----\n{Convert.ToBase64String([.. Convert.FromHexString("302a300506032b6570032100"), .. publicKey])}\n-----END PUBLIC KEY-----\n";
        foreach (var text in (string[])[Convert.ToBase64String(publicKey), pem])
        {
            var added = await scene.Owner.Post(path, new { algorithm = "ed25519", public_key = text }).Success();
            Assert.Equal(JsonValueKind.Null, added.GetProperty("secret").ValueKind);
            var signing = new RequestSigning(added.Text("key_id"), sign);
            await scene.Send(signing).Success();
            await scene.Send(signing).Refuses(401, "signature.replayed");
            await scene.Send(new RequestSigning(added.Text("key_id"), message => sign([.. message, 0]))).Refuses(401, "signature.mismatch");
            // The public key is no secret: whoever takes it for one of HMAC signs nothing.
            await scene.Send(new RequestSigning(added.Text("key_id"), message => HMACSHA256.HashData(publicKey, message))).Refuses(401, "signature.mismatch");
        }
        foreach (var wrong in (object[])[new { algorithm = "ed25519" }, new { algorithm = "ed25519", public_key = "AAAA" }, new { algorithm = "ed25519", public_key = "?" }, new { algorithm = "hmac_sha256", public_key = pem }])
            await scene.Owner.Post(path, wrong).Refuses(400, "request.invalid");
    }

    [Fact]
    public async Task FN01_A_public_address_is_the_one_that_is_signed_whatever_the_host_header_says()
    {
        await using var installation = await TestInstallation.Start(("public_url", "https://fluxgate.example"));
        var owner = await installation.NewOrganization();
        var key = await owner.NewKey("members:read");
        var secret = (await owner.Post($"/api-keys/{key.Id()}/signing-keys", new { algorithm = "hmac_sha256" }).Success()).Text("secret");
        var client = installation.KeyClient(key);
        await (RequestSigning.Hmac(secret) with { Target = "https://fluxgate.example/v1/members" }).Send(client, HttpMethod.Get, "/v1/members").Success();
        await RequestSigning.Hmac(secret).Send(client, HttpMethod.Get, "/v1/members").Refuses(401, "signature.mismatch");
        await (RequestSigning.Hmac(secret) with { Target = "https://evil.example/v1/members" }).Send(client, HttpMethod.Get, "/v1/members", null, ("Host", "evil.example")).Refuses(401, "signature.mismatch");
    }
}
