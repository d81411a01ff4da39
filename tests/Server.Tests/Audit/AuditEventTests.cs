using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Audit;

public sealed class AuditEventTests
{
    [Fact]
    public async Task FK08_Events_are_listed_newest_first_by_filter_and_by_page()
    {
        var scene = await AuditScene.New();
        var resource = Guid.Parse("0192f0c1-0000-7000-8000-0000000000bb");
        var robot = new Actor(ActorKind.ApiKey, Guid.Parse("0192f0c1-0000-7000-8000-0000000000cc"), "fg_live_1234");
        await scene.Append([
            AuditScene.Entry(scene.Actor, "test.first", "create"),
            AuditScene.Entry(robot, "test.second", "execute") with { Result = "failed" },
            AuditScene.Entry(scene.Actor, "test.third", "delete") with { Resource = new AuditResource("connector", resource, "Bank") },
        ]);

        async Task<string> Types(string query) => string.Join(' ', (await scene.List(query)).Select(e => e.GetProperty("type").GetString()).Where(t => t!.StartsWith("test.", StringComparison.Ordinal)));
        Assert.Equal("test.third test.second test.first", await Types(""));
        Assert.Equal("test.second", await Types("?type=test.second"));
        Assert.Equal("test.third", await Types("?action=delete"));
        Assert.Equal("test.second", await Types("?result=failed"));
        Assert.Equal("test.third", await Types("?resource_kind=connector"));
        Assert.Equal("test.third", await Types($"?resource_id={resource}"));
        Assert.Equal("test.second", await Types($"?actor_id={robot.Id}"));
        Assert.Equal("test.first", await Types($"?actor_id={scene.Owner.UserId}&type=test.first"));
        Assert.Equal("", await Types("?type=test.first'%20or%20'1'='1"));

        var second = (await scene.List("?type=test.second"))[0].GetProperty("occurred_at").GetString()!;
        var third = (await scene.List("?type=test.third"))[0].GetProperty("occurred_at").GetString()!;
        Assert.Contains("test.second", await Types($"?from={Uri.EscapeDataString(second)}"));
        Assert.DoesNotContain("test.second", await Types($"?to={Uri.EscapeDataString(second)}"));
        Assert.DoesNotContain("test.third", await Types($"?to={Uri.EscapeDataString(third)}"));

        var page = await scene.Owner.Get("/audit-events?limit=2").Success();
        Assert.Equal(2, page.GetProperty("items").GetArrayLength());
        var next = await scene.List($"?limit=2&cursor={page.GetProperty("next_cursor").GetString()}");
        Assert.Equal("test.first", next[0].GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z")]
    [InlineData("?resource_id=all")]
    [InlineData("?from=yesterday")]
    [InlineData("?type=a%00b")]
    [InlineData("?limit=0")]
    public async Task FK08_A_filter_that_means_nothing_is_refused(string query)
    {
        var scene = await AuditScene.New();
        Assert.Equal(HttpStatusCode.BadRequest, (await scene.Owner.Get($"/audit-events{query}")).StatusCode);
    }

    [Fact]
    public async Task FK10_An_entry_tells_who_did_what_from_where_and_its_hash_and_the_previous()
    {
        var scene = await AuditScene.New();
        await scene.Append([
            AuditScene.Entry(scene.Actor),
            AuditScene.Entry(scene.Actor) with { Before = new JsonObject { ["name"] = "Old" }, After = new JsonObject { ["name"] = "New" }, Details = new JsonObject { ["version"] = 3 } },
        ]);
        await scene.Sealed();

        var events = await scene.List();
        var e = await scene.Owner.Get($"/audit-events/{events[0].GetProperty("id").GetGuid()}").Success();
        Assert.Equal("workflow.updated update success", $"{e.GetProperty("type")} {e.GetProperty("action")} {e.GetProperty("result")}");
        Assert.Equal(scene.Owner.UserId, e.GetProperty("actor").GetProperty("id").GetGuid());
        Assert.Equal($"user {scene.Owner.Email} 192.0.2.7", string.Join(' ', ((string[])["kind", "label", "network"]).Select(n => e.GetProperty("actor").GetProperty(n).GetString())));
        Assert.Equal("workflow Invoices", $"{e.GetProperty("resource").GetProperty("kind")} {e.GetProperty("resource").GetProperty("name")}");
        Assert.InRange(e.GetProperty("occurred_at").GetDateTimeOffset(), TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow().AddMinutes(1));
        Assert.Equal("""{"version":3} {"name":"Old"} {"name":"New"}""", $"{e.GetProperty("details").GetRawText()} {e.GetProperty("before").GetRawText()} {e.GetProperty("after").GetRawText()}");

        // The entry before it holds the hash that this one calls the previous, and the chain follows from both.
        var before = events.Single(x => x.GetProperty("index").GetInt64() == e.GetProperty("index").GetInt64() - 1);
        Assert.Equal(before.GetProperty("hash").GetString(), e.GetProperty("previous_hash").GetString());
        var index = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(index, e.GetProperty("index").GetInt64());
        byte[] message = [.. "fluxgate audit chain v1"u8, .. Hex(e.GetProperty("previous_hash").GetString()!), .. index, .. Hex(e.GetProperty("leaf").GetString()!)];
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(message)), e.GetProperty("hash").GetString());
    }

    [Fact]
    public async Task FK10_A_leaf_can_be_recomputed_by_a_stranger_from_content_and_salt()
    {
        var scene = await AuditScene.New();
        await scene.AppendSealed(1);
        var e = (await scene.List())[0];
        var id = e.GetProperty("id").GetGuid();
        var content = await scene.Installation.Scalar<byte[]>("select content from audit_events where id = $1", id);
        var salt = await scene.Installation.Scalar<byte[]>("select salt from audit_events where id = $1", id);

        var length = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(length, content.Length);
        byte[] commitment = SHA256.HashData([.. "fluxgate audit commitment v1"u8, .. salt, .. length, .. content]);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([0, .. commitment])), e.GetProperty("leaf").GetString());
        Assert.Contains("\"name\":\"Workflow 0\"", Encoding.UTF8.GetString(content));
    }

    [Fact]
    public async Task FX02_Another_organizations_event_answers_like_one_that_does_not_exist()
    {
        var scene = await AuditScene.New();
        await scene.AppendSealed(1);
        var id = (await scene.List())[0].GetProperty("id").GetGuid();
        var stranger = await scene.Installation.NewOrganization();
        foreach (var path in (string[])[$"/audit-events/{id}", $"/audit-events/{id}/verify", $"/audit-events/{Guid.Empty}"])
        {
            var answer = await stranger.Get(path);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Equal("audit_event.not_found", await answer.Code());
        }
        var theirs = (await stranger.Get("/audit-events").Success()).GetProperty("items");
        Assert.DoesNotContain(theirs.EnumerateArray(), e => e.GetProperty("id").GetGuid() == id);
    }

    [Fact]
    public async Task FX03_The_log_is_read_by_those_with_audit_read_only()
    {
        var scene = await AuditScene.New();
        await scene.AppendSealed(1);
        var id = (await scene.List())[0].GetProperty("id").GetGuid();
        await scene.Installation.Execute("update members set roles = '{viewer}' where organization_id = $1", scene.Owner.Organization);
        foreach (var path in (string[])["/audit-events", $"/audit-events/{id}", $"/audit-events/{id}/verify"])
            Assert.Equal(HttpStatusCode.Forbidden, (await scene.Owner.Get(path)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await scene.Owner.Post("/audit/verify", null)).StatusCode);
        await scene.Installation.Execute("update members set roles = '{audit_viewer}' where organization_id = $1", scene.Owner.Organization);
        Assert.Equal(HttpStatusCode.OK, (await scene.Owner.Get("/audit-events")).StatusCode);
    }

    private static byte[] Hex(string text) => Convert.FromHexString(text);
}
