using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.RequestLog;

public sealed class RequestLogTests
{
    private const string Header = "Fluxgate-Watermark";

    private static string Mark(HttpResponseMessage answer) => answer.Headers.GetValues(Header).Single();

    /// <summary>What the log says of a watermark, as soon as it is written, which is behind the answer.</summary>
    private static async Task<JsonElement> Traced(TestMember member, string watermark)
    {
        JsonElement traced = default;
        await Condition.Holds(async () =>
        {
            var answer = await member.Get($"/watermarks/{watermark}");
            if (answer.IsSuccessStatusCode)
                traced = await answer.Json();
            return answer.IsSuccessStatusCode;
        }, "the request is in the log");
        return traced;
    }

    [Fact]
    public async Task FN08_Every_answer_is_marked_errors_and_pages_too()
    {
        var installation = await Installation.Get();
        var client = installation.Client();
        var answers = new List<HttpResponseMessage>
        {
            await client.Get("/health"),
            await client.Get("/v1/me"),
            await client.Get("/no/such/place"),
            await client.Get("/"),
            await client.Post("/v1/auth/sign-in", new StringContent("{", Encoding.UTF8, "application/json")),
        };
        Assert.All(answers, a => Assert.Matches("^fgw_[0-9A-Za-z_-]{39}$", Mark(a)));
        Assert.Equal(answers.Count, answers.Select(Mark).Distinct().Count());
    }

    [Fact]
    public async Task FN08_A_watermark_leads_to_key_request_and_time_of_the_answer()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var key = await owner.NewKey("members:read");
        var client = installation.KeyClient(key);
        var before = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        var answer = await client.Send(HttpMethod.Get, "/v1/members?limit=7", null, ("User-Agent", "report/1.0"));
        var traced = await Traced(owner, Mark(answer));
        Assert.Equal((key.Id(), key.Text("prefix"), "GET", "list_members", 200, "127.0.0.1", "report/1.0", Mark(answer)), (
            traced.GetProperty("api_key_id").GetGuid(), traced.Text("api_key_prefix"), traced.Text("method"), traced.Text("operation"), traced.GetProperty("status").GetInt32(), traced.Text("network"),
            traced.Text("user_agent"), traced.Text("watermark")));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("/v1/members"u8)), traced.Text("path_hash"));
        Assert.InRange(traced.GetProperty("at").GetDateTimeOffset(), before, TimeProvider.System.GetUtcNow());

        // What was refused is traced too, and a person's request by the person.
        Assert.Equal(403, (await Traced(owner, Mark(await client.Get("/v1/webhook-endpoints")))).GetProperty("status").GetInt32());
        var own = await Traced(owner, Mark(await owner.Get("/members")));
        Assert.Equal((owner.UserId, owner.Email, JsonValueKind.Null), (own.GetProperty("user_id").GetGuid(), own.Text("user_email"), own.GetProperty("api_key_id").ValueKind));
    }

    [Fact]
    public async Task FN08_A_revoked_key_is_still_traced_and_a_key_that_never_was_is_not()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var key = await owner.NewKey("members:read");
        await owner.Post($"/api-keys/{key.Id()}/revoke", null).Success();
        Assert.Equal(401, (await Traced(owner, Mark(await installation.KeyClient(key).Get("/v1/members")))).GetProperty("status").GetInt32());
        await owner.Get($"/watermarks/{Mark(await installation.Client().Get("/v1/members"))}").Refuses(404, "watermark.not_found");
    }

    [Fact]
    public async Task Abuse14_No_forged_or_foreign_watermark_is_traced()
    {
        var installation = await Installation.Get();
        var (owner, other) = (await installation.NewOrganization(), await installation.NewOrganization());
        var (mine, theirs) = (Mark(await owner.Get("/members")), Mark(await other.Get("/members")));
        await Traced(owner, mine);
        await Traced(other, theirs);
        await owner.Get($"/watermarks/{theirs}").Refuses(404, "watermark.not_found");

        var bytes = Base64Url.DecodeFromChars(mine.AsSpan(4));
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 1;
            await owner.Get($"/watermarks/fgw_{Base64Url.EncodeToString(bytes)}").Refuses(404, "watermark.not_found");
            bytes[i] ^= 1;
        }
        foreach (var text in (string[])["fgw_", mine[4..], mine + "A", mine[..^1], "fgw_" + new string('*', 39)])
            await owner.Get($"/watermarks/{text}").Refuses(400, "watermark.malformed");
        var reader = await owner.NewMember(installation, "viewer");
        await reader.Get($"/watermarks/{mine}").Refuses(403, "permission.missing");
    }

    [Fact]
    public async Task FN16_The_log_is_listed_by_key_status_and_path_and_holds_no_path()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var key = await owner.NewKey("members:read", "kv:write", "kv:read");
        var client = installation.KeyClient(key);
        await client.Get("/v1/members").Success();
        await client.Put("/v1/kv/organization/salary-of-olivia", new { value = 1 }).Success();
        await client.Get("/v1/kv/organization/nothing-there").Refuses(404, "kv_entry.not_found");
        var last = await client.Get("/v1/webhook-endpoints");
        await Traced(owner, Mark(last));

        async Task<JsonElement[]> List(string query) => [.. (await owner.Get($"/request-log?{query}").Success()).GetProperty("items").EnumerateArray()];
        var all = await List($"api_key_id={key.Id()}");
        Assert.Equal(4, all.Length);
        Assert.Equal("get_kv_entry,list_webhook_endpoints", string.Join(',', (await List($"api_key_id={key.Id()}&status_from=400")).Select(r => r.Text("operation")).Order()));
        Assert.Equal("PUT", Assert.Single(await List("path=/v1/kv/organization/salary-of-olivia")).Text("method"));
        Assert.DoesNotContain("salary", string.Concat(all.Select(r => r.GetRawText())), StringComparison.Ordinal);
        Assert.All(await List($"user_id={owner.UserId}"), r => Assert.Equal(owner.Email, r.Text("user_email")));
        var first = await owner.Get($"/request-log?api_key_id={key.Id()}&limit=3").Success();
        Assert.Equal(all[3].Id(), (await List($"api_key_id={key.Id()}&limit=3&cursor={first.Text("next_cursor")}"))[0].Id());
        await owner.Get("/request-log?status_from=99").Refuses(400, "request.invalid");
        Assert.Empty((await (await installation.NewOrganization()).Get($"/request-log?api_key_id={key.Id()}").Success()).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task FN16_Requests_go_when_their_days_are_over()
    {
        await using var installation = await TestInstallation.Start(("request_log:keep_days", "3"));
        var owner = await installation.NewOrganization();
        await Traced(owner, Mark(await owner.Get("/members")));
        await installation.Change("""
            insert into request_log (organization_id, id, method, path_hash, status, duration_ms)
            select $1, (lpad(to_hex(floor(extract(epoch from now() - d * interval '1 day') * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid, 'GET', sha256(''), 200, 1
            from generate_series(1, 6) d
            """, owner.Organization);
        Assert.Equal("6", await installation.TextOf("select count(*)::text from request_log where organization_id = $1 and user_id is null", owner.Organization));
        await installation.Restart(("request_log:keep_days", "3"));
        await Condition.Holds(async () => await installation.TextOf("select count(*)::text from request_log where organization_id = $1 and user_id is null", owner.Organization) == "2", "what is older than three days is gone");
    }
}
