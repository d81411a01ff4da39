using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.KeyValues;

/// <summary>F808: the key-value store over its API. F807: what is stored is sealed.</summary>
public sealed class KvApiTests
{
    private static async Task<string> AnyWorkflow(TestMember owner) =>
        (await owner.Draft($"format: 1\nname: Of {Guid.NewGuid():N}\ntrigger: {{ type: api }}\nnodes:\n  - {{ id: a, type: transform, settings: {{ output: 1 }} }}\n").Success()).Text("id");

    private static Task<HttpResponseMessage> Set(TestMember owner, string path, object? value, params (string, string)[] headers) => owner.Put($"/kv/{path}", new { value }, headers);

    private static (string, string) IfMatch(JsonElement entry) => ("If-Match", $"\"{entry.GetProperty("version").GetInt64()}\"");

    [Fact]
    public async Task F808_The_nearest_scope_is_read_and_a_write_stays_in_the_scope_that_it_names()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var workflow = await AnyWorkflow(owner);
        await Set(owner, "organization/limit", 10).Success();
        async Task<int> Nearest() => (await owner.Get($"/kv/workflow:{workflow}/limit?nearest=true").Success()).GetProperty("value").GetInt32();

        Assert.Equal(10, await Nearest());
        await owner.Get($"/kv/workflow:{workflow}/limit").Refuses(404, "kv_entry.not_found");
        await Set(owner, $"workflow:{workflow}/limit", 20).Success();
        Assert.Equal(20, await Nearest());
        var shared = await owner.Get("/kv/organization/limit").Success();
        Assert.Equal((10, "organization"), (shared.GetProperty("value").GetInt32(), shared.Text("scope")));
        await owner.Delete($"/kv/workflow:{workflow}/limit").Success();
        Assert.Equal(10, await Nearest());

        foreach (var nowhere in (string[])["workflow:", "workflow:x", $"workflow:{Guid.NewGuid()}", "folder", "Organization"])
            await Set(owner, $"{nowhere}/limit", 1).Refuses(404, "kv_scope.not_found");
    }

    [Fact]
    public async Task F808_A_version_is_compared_and_never_comes_again()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var first = await Set(owner, "organization/x", "one", ("If-None-Match", "*")).Success();
        await Set(owner, "organization/x", "again", ("If-None-Match", "*")).Refuses(412, "kv.exists");
        var second = await Set(owner, "organization/x", "two", IfMatch(first)).Success();
        await Set(owner, "organization/x", "lost", IfMatch(first)).Refuses(412, "kv.stale");
        await owner.Client.Send(HttpMethod.Delete, $"/v1/orgs/{owner.Slug}/kv/organization/x", null, IfMatch(first)).Refuses(412, "kv.stale");
        var read = await owner.Get("/kv/organization/x");
        Assert.Equal($"\"{second.GetProperty("version").GetInt64()}\"", read.Headers.ETag!.Tag);

        await owner.Delete("/kv/organization/x").Success();
        await Set(owner, "organization/x", "back", IfMatch(second)).Refuses(412, "kv.stale");
        await Set(owner, "organization/x", "new").Success();
        foreach (var old in (JsonElement[])[first, second])
            await Set(owner, "organization/x", "lost", IfMatch(old)).Refuses(412, "kv.stale");
        Assert.Equal("new", (await owner.Get("/kv/organization/x").Success()).Text("value"));
    }

    [Fact]
    public async Task F808_An_increment_is_one_step_for_all_who_do_it_at_once()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        await Task.WhenAll(Enumerable.Range(0, 24).Select(i => owner.Post("/kv/organization/count/increment", new { by = 2 }).Success()));
        Assert.Equal(48, (await owner.Get("/kv/organization/count").Success()).GetProperty("value").GetInt64());
        Assert.Equal(47, (await owner.Post("/kv/organization/count/increment", new { by = -1 }).Success()).GetProperty("value").GetInt64());
        await owner.Post("/kv/organization/count/increment", new { by = long.MaxValue }).Refuses(422, "kv.overflow");
        await Set(owner, "organization/text", "1").Success();
        await owner.Post("/kv/organization/text/increment", new { by = 1 }).Refuses(422, "kv.not_a_number");
    }

    [Fact]
    public async Task F808_What_has_expired_is_absent_at_once_and_deleted_in_the_background()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var entry = await owner.Put("/kv/organization/short", new { value = 5, ttl_seconds = 3600 }).Success();
        Assert.InRange(entry.GetProperty("expires_at").GetDateTimeOffset(), TimeProvider.System.GetUtcNow().AddMinutes(59), TimeProvider.System.GetUtcNow().AddMinutes(61));
        await owner.Post("/kv/organization/short/increment", new { by = 1, ttl_seconds = 7200 }).Success();
        // A counter ends with its time, however often it is incremented.
        Assert.Equal(entry.GetProperty("expires_at").GetDateTimeOffset(), (await owner.Get("/kv/organization/short").Success()).GetProperty("expires_at").GetDateTimeOffset(), TimeSpan.FromMilliseconds(1));

        async Task Expire() => Assert.Equal(1, await installation.Change(
            "update kv_entries set expires_at = $2 where organization_id = $1 and key = 'short'", owner.Organization, TimeProvider.System.GetUtcNow().AddMilliseconds(-1)));
        await Expire();
        await owner.Get("/kv/organization/short").Refuses(404, "kv_entry.not_found");
        Assert.Empty((await owner.Get("/kv/organization").Success()).GetProperty("items").EnumerateArray());
        Assert.Equal(1, (await owner.Post("/kv/organization/short/increment", new { by = 1, ttl_seconds = 60 }).Success()).GetProperty("value").GetInt64());
        await Expire();
        await Condition.Holds(async () => await installation.TextOf("select count(*) from kv_entries where organization_id = $1", owner.Organization) == "0", "the row is deleted");
        await owner.Put("/kv/organization/short", new { value = 5, ttl_seconds = 0 }).Refuses(400, "request.invalid");
    }

    [Fact]
    public async Task F808_A_secret_is_written_and_never_shown()
    {
        const string Secret = "tok-4711-very-secret";
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var answers = new List<string>();
        async Task Keep(Task<HttpResponseMessage> answer) => answers.Add(await (await answer).Content.ReadAsStringAsync());
        await Keep(owner.Put("/kv/organization/secret:erp", new { value = Secret, allowed_hosts = new[] { "Erp.example.test" } }));
        await Keep(owner.Get("/kv/organization/secret:erp"));
        await Keep(owner.Get("/kv/organization"));
        await Keep(owner.Post("/kv/organization/secret:erp/increment", new { by = 1 }));
        await Keep(owner.Get("/audit-events"));
        Assert.Contains("erp.example.test", answers[1], StringComparison.Ordinal);
        Assert.All(answers, a => Assert.DoesNotContain(Secret, a, StringComparison.Ordinal));
        Assert.Equal(JsonValueKind.Null, (await owner.Get("/kv/organization/secret:erp").Success()).GetProperty("value").ValueKind);
        await owner.Post("/kv/organization/secret:erp/increment", new { by = 1 }).Refuses(422, "kv.secret_not_readable");
        var audited = Assert.Single(await installation.Audited(owner.Organization, "kv.set"));
        Assert.Equal(("secret:erp", "organization"), (audited.GetProperty("resource").Text("name"), audited.GetProperty("details").Text("scope")));

        foreach (var body in (object[])[new { value = Secret }, new { value = 1, allowed_hosts = new[] { "a.test" } }, new { value = "a\nb", allowed_hosts = new[] { "a.test" } }, new { value = Secret, allowed_hosts = new[] { "*" } }])
            await owner.Put("/kv/organization/secret:erp", body).Refuses(400, "request.invalid");
        await owner.Put("/kv/organization/plain", new { value = 1, allowed_hosts = new[] { "a.test" } }).Refuses(400, "request.invalid");
        Assert.DoesNotContain(Secret, await installation.TextOf("select encode(value, 'escape') from kv_entries where organization_id = $1", owner.Organization), StringComparison.Ordinal);

        // A hand in the database that gives the row another name does not make it readable.
        await installation.Change("update kv_entries set key = 'plain', allowed_hosts = null where organization_id = $1", owner.Organization);
        var moved = await owner.Get("/kv/organization/plain");
        Assert.Equal(503, (int)moved.StatusCode);
        Assert.DoesNotContain(Secret, await moved.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task F807_Values_are_sealed_and_bound_to_their_entry()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        await Set(owner, "organization/a", "value-of-a").Success();
        await Set(owner, "organization/b", "value-of-b").Success();
        Assert.DoesNotContain("value-of", await installation.TextOf("select string_agg(encode(value, 'escape'), ' ') from kv_entries where organization_id = $1", owner.Organization), StringComparison.Ordinal);
        await installation.Change("update kv_entries e set value = o.value from kv_entries o where e.organization_id = $1 and o.organization_id = $1 and e.key = 'a' and o.key = 'b'", owner.Organization);
        Assert.Equal(503, (int)(await owner.Get("/kv/organization/a")).StatusCode);
    }

    [Fact]
    public async Task F808_Names_values_and_numbers_of_entries_have_limits()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        await Set(owner, $"organization/{new string('n', 200)}", 1).Success();
        foreach (var name in (string[])[new string('n', 201), "%2F", ".x", "a%20b", "%C3%A9", "secret:", "a%00b"])
            Assert.InRange((int)(await Set(owner, $"organization/{name}", 1)).StatusCode, 400, 422);
        await Set(owner, "organization/large", new string('v', 256 * 1024 - 2)).Success();
        await Set(owner, "organization/large", new string('v', 256 * 1024 - 1)).Refuses(400, "request.invalid");
        await owner.Put("/kv/organization/x", new { value = 1, ttl_seconds = long.MaxValue }).Refuses(400, "request.invalid");
        await owner.Put("/kv/organization/x", new { }).Refuses(400, "body.malformed");

        await installation.Change("""
            insert into kv_entries (organization_id, id, key, value, version, created_at, updated_at)
            select $1, gen_random_uuid(), 'many-' || n, '\x00', 1, now(), now() from generate_series(1, 9998) n
            """, owner.Organization);
        await Set(owner, "organization/more", 1).Refuses(422, "kv.too_many");
        await owner.Post("/kv/organization/more/increment", new { by = 1 }).Refuses(422, "kv.too_many");
        await Set(owner, "organization/large", 1).Success();
    }

    [Fact]
    public async Task F808_Reading_and_writing_are_permissions_of_their_own()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        await Set(owner, "organization/x", 1).Success();
        var viewer = await owner.NewMember(installation, "viewer");
        await viewer.Get("/kv/organization/x").Refuses(403, "permission.missing");
        await viewer.Get("/kv/organization").Refuses(403, "permission.missing");
        var reader = installation.KeyClient(await owner.NewKey("kv:read"));
        Assert.Equal(1, (await reader.Get("/v1/kv/organization/x").Success()).GetProperty("value").GetInt32());
        foreach (var write in (Task<HttpResponseMessage>[])[reader.Put("/v1/kv/organization/x", new { value = 2 }), reader.Delete("/v1/kv/organization/x"), reader.Post("/v1/kv/organization/x/increment", new { by = 1 })])
            await write.Refuses(403, "permission.missing");
        await Set(await owner.NewMember(installation, "flow_editor"), "organization/x", 3).Success();
        await owner.Delete("/kv/organization/x").Success();
        Assert.Single(await installation.Audited(owner.Organization, "kv.deleted"));
        await owner.Delete("/kv/organization/x").Refuses(404, "kv_entry.not_found");
    }
}
