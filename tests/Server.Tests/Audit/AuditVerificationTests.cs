using System.Text.Json;
using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Testing;
using Npgsql;

namespace Fluxgate.Server.Tests.Audit;

public sealed class AuditVerificationTests
{
    [Fact]
    public async Task FK09_An_untouched_log_verifies_entry_by_entry_and_whole()
    {
        var scene = await AuditScene.New();
        await scene.AppendSealed(5);
        foreach (var e in await scene.List())
        {
            var verified = await scene.Verify(e.GetProperty("id").GetGuid());
            Assert.True(verified.GetProperty("valid").GetBoolean());
            Assert.False(verified.GetProperty("pending").GetBoolean());
            Assert.Equal(["content", "leaf", "chain"], verified.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("name").GetString()));
        }
        var log = await scene.VerifyLog();
        Assert.True(log.GetProperty("valid").GetBoolean());
        Assert.Equal(JsonValueKind.Null, log.GetProperty("first_failure").ValueKind);
        Assert.True(log.GetProperty("sealed").GetInt64() >= 5);
        Assert.Equal(log.GetProperty("events").GetInt64(), log.GetProperty("sealed").GetInt64());
        Assert.Equal(log.GetProperty("sealed").GetInt64(), log.GetProperty("verified").GetInt64());
    }

    [Fact]
    public async Task FK09_An_organization_without_events_has_a_valid_log()
    {
        var scene = await AuditScene.New();
        await scene.Sealed();
        Assert.True((await scene.VerifyLog()).GetProperty("valid").GetBoolean());
    }

    [Fact]
    public async Task FK09_An_event_that_waits_to_be_sealed_is_pending_and_checked_against_the_queue()
    {
        var scene = await AuditScene.New();
        await scene.Sealed();
        await using var blocker = await scene.Installation.OpenDatabase();
        await using var blocking = await blocker.BeginTransactionAsync();
        // Lets everybody read the sealed log and nobody add to it.
        await using (var block = new NpgsqlCommand("lock table audit_leaves in share row exclusive mode", blocker, blocking))
            await block.ExecuteNonQueryAsync();
        await scene.Append(AuditScene.Entry(scene.Actor));
        var waiting = (await scene.List())[0];
        Assert.Equal(JsonValueKind.Null, waiting.GetProperty("index").ValueKind);
        var id = waiting.GetProperty("id").GetGuid();
        var verified = await scene.Verify(id);
        Assert.True(verified.GetProperty("pending").GetBoolean());
        Assert.True(verified.GetProperty("valid").GetBoolean());
        Assert.Equal(1, (await scene.VerifyLog()).GetProperty("pending").GetInt64());

        await scene.Installation.Execute("update audit_events set salt = sha256(salt) where id = $1", id);
        Assert.False((await scene.Verify(id)).GetProperty("valid").GetBoolean());
        await blocking.RollbackAsync();
        await scene.Sealed();
        Assert.False((await scene.Verify(id)).GetProperty("pending").GetBoolean());
    }

    [Fact]
    public async Task FK09_A_long_log_is_verified_to_its_last_entry()
    {
        var scene = await AuditScene.New();
        await scene.AppendSealed(450);
        Assert.True((await scene.VerifyLog()).GetProperty("valid").GetBoolean());
        var last = (await scene.List("?limit=1"))[0];
        await scene.Installation.Execute("update audit_events set network = '198.51.100.1' where id = $1", last.GetProperty("id").GetGuid());
        await AssertFirstFailure(scene, last, "content");
    }

    /// <summary>Every column of the event, one by one, by somebody who may write anything into the database.</summary>
    [Theory]
    [InlineData("occurred_at = occurred_at + interval '1 hour'", "content")]
    [InlineData("occurred_at = occurred_at + interval '1 microsecond'", "content")]
    [InlineData("type = 'workflow.viewed'", "content")]
    [InlineData("action = 'read'", "content")]
    [InlineData("result = 'denied'", "content")]
    [InlineData("actor_kind = 'system'", "content")]
    [InlineData("actor_id = '0192f0c1-0000-7000-8000-0000000000ee'", "content")]
    [InlineData("actor_id = null", "content")]
    [InlineData("actor_label = 'somebody@example.test'", "content")]
    [InlineData("network = null", "content")]
    [InlineData("resource_kind = 'folder'", "content")]
    [InlineData("resource_id = null", "content")]
    [InlineData("resource_name = resource_name || ' '", "content")]
    [InlineData("salt = sha256(salt)", "leaf")]
    [InlineData("content = ''", "content")]
    [InlineData("content = content || ' '::bytea", "content")]
    [InlineData("content = convert_to(replace(convert_from(content, 'UTF8'), '\"step\":2', '\"step\":9'), 'UTF8')", "leaf")]
    [InlineData("content = convert_to(replace(convert_from(content, 'UTF8'), 'update', 'delete'), 'UTF8'), action = 'delete', type = 'workflow.deleted'", "leaf")]
    [InlineData("content = convert_to(replace(convert_from(content, 'UTF8'), '\"update\"', '\"delete\"'), 'UTF8'), action = 'delete'", "leaf")]
    public async Task FK09_Editing_any_column_of_an_event_is_found_and_the_entry_named(string change, string step)
    {
        var scene = await AuditScene.New();
        await scene.AppendSealed(3);
        var victim = (await scene.List())[1];
        var changed = await scene.Installation.Execute($"update audit_events set {change} where id = $1", victim.GetProperty("id").GetGuid());
        Assert.Equal(1, changed);

        await AssertFirstFailure(scene, victim, step);
        var verified = await scene.Verify(victim.GetProperty("id").GetGuid());
        Assert.False(verified.GetProperty("valid").GetBoolean());
        Assert.Contains(verified.GetProperty("steps").EnumerateArray(), s => s.GetProperty("name").GetString() == step && !s.GetProperty("holds").GetBoolean());
    }

    [Fact]
    public async Task FK09_A_deleted_event_is_missed_and_the_entry_named()
    {
        var scene = await AuditScene.New();
        await scene.AppendSealed(3);
        var victim = (await scene.List())[1];
        await scene.Installation.Execute("delete from audit_events where id = $1", victim.GetProperty("id").GetGuid());
        await AssertFirstFailure(scene, victim, "content");
        Assert.False((await scene.Verify(victim.GetProperty("id").GetGuid())).GetProperty("valid").GetBoolean());
    }

    [Fact]
    public async Task FK09_An_event_moved_to_another_organization_is_missed_here_and_refused_there()
    {
        var scene = await AuditScene.New();
        var other = await AuditScene.New();
        await scene.AppendSealed(2);
        await other.AppendSealed(1);
        var victim = (await scene.List())[0];
        var id = victim.GetProperty("id").GetGuid();
        await scene.Installation.Execute("update audit_events set organization_id = $1 where id = $2", other.Owner.Organization, id);
        await AssertFirstFailure(scene, victim, "content");
        var failure = (await other.VerifyLog()).GetProperty("first_failure");
        Assert.Equal(id, failure.GetProperty("event_id").GetGuid());
    }

    [Theory]
    [InlineData("update audit_leaves set leaf = sha256(leaf) where organization_id = $1 and index = $2", "chain")]
    [InlineData("update audit_leaves set chain = sha256(chain) where organization_id = $1 and index = $2", "chain")]
    [InlineData("update audit_leaves set event_id = gen_random_uuid() where organization_id = $1 and index = $2", "content")]
    [InlineData("delete from audit_leaves where organization_id = $1 and index = $2", "chain")]
    public async Task FK09_An_altered_or_missing_entry_of_the_sealed_log_is_named(string sql, string step)
    {
        var scene = await AuditScene.New();
        await scene.AppendSealed(3);
        var victim = (await scene.List())[1];
        Assert.Equal(1, await scene.Installation.Execute(sql, scene.Owner.Organization, Index(victim)));

        var failure = (await scene.VerifyLog()).GetProperty("first_failure");
        Assert.Equal(Index(victim), failure.GetProperty("index").GetInt64());
        Assert.Equal(step, failure.GetProperty("step").GetString());
        Assert.False((await scene.Verify(victim.GetProperty("id").GetGuid())).GetProperty("valid").GetBoolean());
    }

    [Fact]
    public async Task FK09_Two_entries_that_change_places_are_found()
    {
        var scene = await AuditScene.New();
        await scene.AppendSealed(4);
        var first = (await scene.List())[2];
        // Whole entries with their leaves: each event still has its own leaf, only the order is another.
        const string park = "update audit_leaves set index = index + 1000000 where organization_id = $1 and index in ($2, $2 + 1)";
        const string swap = "update audit_leaves set index = 2 * $2 + 1 - (index - 1000000) where organization_id = $1 and index >= 1000000";
        Assert.Equal(2, await scene.Installation.Execute(park, scene.Owner.Organization, Index(first)));
        Assert.Equal(2, await scene.Installation.Execute(swap, scene.Owner.Organization, Index(first)));
        await AssertFails(scene, Index(first));
    }

    [Fact]
    public async Task FK09_Cutting_off_the_tail_is_found()
    {
        var scene = await AuditScene.New();
        await scene.AppendSealed(3);
        var last = (await scene.List())[0];
        await scene.Installation.Execute("delete from audit_leaves where organization_id = $1 and index = $2", scene.Owner.Organization, Index(last));
        await AssertFails(scene, Index(last));
    }

    [Fact]
    public async Task FK09_Cutting_off_the_tail_and_setting_the_head_back_leaves_an_event_that_no_entry_names()
    {
        var scene = await AuditScene.New();
        await scene.AppendSealed(3);
        var last = (await scene.List())[0];
        await scene.Installation.Execute("delete from audit_leaves where organization_id = $1 and index = $2", scene.Owner.Organization, Index(last));
        await scene.Installation.Execute("""
            update audit_heads h set size = l.index + 1, chain = l.chain
            from audit_leaves l where h.organization_id = $1 and l.organization_id = $1 and l.index = $2
            """, scene.Owner.Organization, Index(last) - 1);
        var log = await scene.VerifyLog();
        Assert.False(log.GetProperty("valid").GetBoolean());
        Assert.Equal(last.GetProperty("id").GetGuid(), log.GetProperty("first_failure").GetProperty("event_id").GetGuid());
        Assert.False((await scene.Verify(last.GetProperty("id").GetGuid())).GetProperty("valid").GetBoolean());
    }

    [Theory]
    [InlineData("update audit_heads set size = size + 1 where organization_id = $1", "chain")]
    [InlineData("update audit_heads set size = size - 1 where organization_id = $1", "head")]
    [InlineData("update audit_heads set chain = sha256(chain) where organization_id = $1", "head")]
    [InlineData("delete from audit_heads where organization_id = $1", "head")]
    public async Task FK09_A_head_that_does_not_name_the_last_entry_is_found(string sql, string step)
    {
        var scene = await AuditScene.New();
        await scene.AppendSealed(3);
        await scene.Installation.Execute(sql, scene.Owner.Organization);
        var log = await scene.VerifyLog();
        Assert.False(log.GetProperty("valid").GetBoolean());
        Assert.Equal(step, log.GetProperty("first_failure").GetProperty("step").GetString());
    }

    [Fact]
    public async Task FK09_An_event_slipped_in_beside_the_log_is_found()
    {
        var scene = await AuditScene.New();
        await scene.AppendSealed(2);
        var copied = Guid.CreateVersion7();
        await scene.Installation.Execute("""
            insert into audit_events select organization_id, $2, occurred_at, type, action, result, actor_kind, actor_id, actor_label, network,
                resource_kind, resource_id, resource_name, content, salt
            from audit_events where id = $1
            """, (await scene.List())[0].GetProperty("id").GetGuid(), copied);
        Assert.Equal(copied, (await scene.VerifyLog()).GetProperty("first_failure").GetProperty("event_id").GetGuid());
    }

    [Theory]
    [InlineData("it's \"quoted\" \\ and \\u0041 back\\\\slashed")]
    [InlineData("right\u202eto\u200fleft\u2066marks\u2069")]
    [InlineData("emoji 👩‍👩‍👧‍👦 and 𝕬 and é as e\u0301")]
    [InlineData("'; drop table audit_events; --")]
    [InlineData("line\r\nbreak\ttab\u0001\u007f\u2028")]
    [InlineData("$1 {0} {{name}} %s")]
    public async Task FK09_Names_of_any_characters_are_kept_and_verify(string name)
    {
        var scene = await AuditScene.New();
        await scene.Append(AuditScene.Entry(scene.Actor, name: name) with { Details = new JsonObject { [name] = name } });
        await scene.Sealed();
        var e = (await scene.List())[0];
        Assert.Equal(name, e.GetProperty("resource").GetProperty("name").GetString());
        Assert.Equal(name, e.GetProperty("details").GetProperty(name).GetString());
        Assert.True((await scene.Verify(e.GetProperty("id").GetGuid())).GetProperty("valid").GetBoolean());
    }

    [Fact]
    public async Task FK09_What_neither_database_nor_JSON_takes_is_written_out_and_recorded()
    {
        var scene = await AuditScene.New();
        var stranger = new Actor(ActorKind.Anonymous, null, "nul\0 and half \ud83d") { Network = "2001:db8::1" };
        await scene.Append(AuditScene.Entry(stranger, "session.refused", "sign_in", "\udc00") with { Result = "denied", Details = new JsonObject { ["a\0"] = new JsonArray("\ud800x", 1, null) } });
        await scene.Sealed();
        var e = (await scene.List("?type=session.refused"))[0];
        Assert.Equal(@"nul\u0000 and half \ud83d", e.GetProperty("actor").GetProperty("label").GetString());
        Assert.Equal(@"\udc00", e.GetProperty("resource").GetProperty("name").GetString());
        Assert.Equal(@"\ud800x", e.GetProperty("details").GetProperty(@"a\u0000")[0].GetString());
        Assert.True((await scene.Verify(e.GetProperty("id").GetGuid())).GetProperty("valid").GetBoolean());
    }

    [Fact]
    public async Task Details_that_are_too_large_are_recorded_by_their_digest()
    {
        var scene = await AuditScene.New();
        await scene.Append(AuditScene.Entry(scene.Actor) with { Details = new JsonObject { ["body"] = new string('x', 300_000) } });
        await scene.Sealed();
        var e = (await scene.List())[0];
        Assert.Equal(300_011, e.GetProperty("details").GetProperty("omitted_bytes").GetInt32());
        Assert.True((await scene.Verify(e.GetProperty("id").GetGuid())).GetProperty("valid").GetBoolean());
    }

    private static async Task AssertFirstFailure(AuditScene scene, JsonElement entry, string step)
    {
        var log = await scene.VerifyLog();
        Assert.False(log.GetProperty("valid").GetBoolean());
        var failure = log.GetProperty("first_failure");
        Assert.Equal(Index(entry), failure.GetProperty("index").GetInt64());
        Assert.Equal(entry.GetProperty("id").GetGuid(), failure.GetProperty("event_id").GetGuid());
        Assert.Equal(step, failure.GetProperty("step").GetString());
        Assert.Equal(Index(entry), log.GetProperty("verified").GetInt64());
    }

    private static async Task AssertFails(AuditScene scene, long index)
    {
        var log = await scene.VerifyLog();
        Assert.False(log.GetProperty("valid").GetBoolean());
        Assert.Equal(index, log.GetProperty("first_failure").GetProperty("index").GetInt64());
    }

    private static long Index(JsonElement entry) => entry.GetProperty("index").GetInt64();
}
