using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Retention;

/// <summary>F810: runs are deleted as their organization wants it, and not otherwise.</summary>
public sealed class RetentionTests
{
    private const string Quick = "{ format: 1, name: Quick, trigger: { type: api }, nodes: [{ id: a, type: merge }] }";

    /// <summary>Ended runs of the workflow, as if each had been started and ended that many days ago.</summary>
    private static async Task AddOld(TestInstallation installation, TestMember owner, string workflow, int runs, int daysAgo, bool ended = true)
    {
        await installation.Execute("""
            with old as (
                select n, (lpad(to_hex((extract(epoch from now() - make_interval(days => $3))::bigint * 1000) + n), 12, '0') || '7000800000000000' || substr(md5($2::text || n), 1, 4))::uuid as id
                from generate_series(1, $4) n
            ), started as (
                insert into runs (organization_id, id, workflow_id, workflow_version, status, trigger_type, started_at, finished_at, append_no)
                select $1, id, $2, 1, 'succeeded', 'api', now() - make_interval(days => $3), case when $5 then now() - make_interval(days => $3) end, 1 from old
            ), large as (
                insert into run_values (organization_id, run_id, id, value) select $1, id, id, '\x00' from old
            )
            insert into run_journal (organization_id, run_id, append_no, append_id, format, events, written_at) select $1, id, 1, id, 1, '\x00', now() from old
            """, owner.Organization, Guid.Parse(workflow), daysAgo, runs, ended);
    }

    private static async Task<int> Stored(TestInstallation installation, string workflow) =>
        (int)await installation.Scalar<long>("select count(*) from runs where workflow_id = $1", Guid.Parse(workflow));

    private static Task Becomes(TestInstallation installation, string workflow, int runs) =>
        Condition.Holds(async () => await Stored(installation, workflow) == runs, $"{runs} runs are left");

    /// <summary>Whatever the sweeper had found before the call it has seen to after it: a workflow of the same organization was swept.</summary>
    private static async Task Swept(TestInstallation installation, TestMember owner)
    {
        var marker = await owner.Publish(Quick.Replace("Quick", $"Marker {Guid.NewGuid():N}", StringComparison.Ordinal));
        await AddOld(installation, owner, marker, 3, 20);
        await owner.Put($"/workflows/{marker}/retention", new { max_age_days = 1, min_count = 0 }).Success();
        await Becomes(installation, marker, 0);
        // A sweep that was under way when the policy came may have passed by the others already.
        await AddOld(installation, owner, marker, 3, 20);
        await Becomes(installation, marker, 0);
    }

    [Fact]
    public async Task F810_Old_runs_go_with_their_data_and_the_newest_stay()
    {
        var installation = await Installation.Get();
        var (owner, other) = (await installation.NewOrganization(), await installation.NewOrganization());
        var (workflow, theirs) = (await owner.Publish(Quick), await other.Publish(Quick));
        await AddOld(installation, owner, workflow, 450, 40);
        await AddOld(installation, owner, workflow, 4, 10);
        await AddOld(installation, other, theirs, 5, 40);
        await owner.FinishedRun(await owner.StartRun(workflow));
        await owner.Put("/settings/retention", new { max_age_days = 30, min_count = 3 }).Success();
        await Becomes(installation, workflow, 5);
        foreach (var table in (string[])["run_journal", "run_values"])
            Assert.Equal(0, await installation.Scalar<long>($"select count(*) from {table} t where organization_id = $1 and not exists (select from runs r where r.organization_id = t.organization_id and r.id = t.run_id)", owner.Organization));
        Assert.Equal(5, await Stored(installation, theirs));

        // Younger ones too now, but for the newest three.
        await owner.Put("/settings/retention", new { max_age_days = 5, min_count = 3 }).Success();
        await Becomes(installation, workflow, 3);

        var events = await installation.Audited(owner.Organization, "run.pruned");
        Assert.Equal(452, events.Sum(e => e.GetProperty("details").GetProperty("runs").GetInt32()));
        Assert.True(events.Length >= 4, "Many are deleted in several batches.");
        Assert.All(events, e => Assert.Equal(workflow, e.GetProperty("resource").GetProperty("id").GetString()));
    }

    [Fact]
    public async Task F810_Of_many_runs_the_newest_stay_and_a_workflows_own_policy_counts_instead_of_the_organizations()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var (common, own) = (await owner.Publish(Quick), await owner.Publish(Quick.Replace("Quick", "Own", StringComparison.Ordinal)));
        foreach (var workflow in (string[])[common, own])
            await AddOld(installation, owner, workflow, 9, 2);
        await owner.Put($"/workflows/{own}/retention", new { max_count = 7, min_count = 0 }).Success();
        await owner.Put("/settings/retention", new { max_count = 4, min_count = 0 }).Success();
        await Becomes(installation, common, 4);
        await Becomes(installation, own, 7);
        var shown = await owner.Get("/settings/retention").Success();
        Assert.Equal((4, 7, 2), (shown.GetProperty("organization").GetProperty("max_count").GetInt32(), Assert.Single(shown.GetProperty("workflows").EnumerateArray()).GetProperty("policy").GetProperty("max_count").GetInt32(), shown.GetProperty("least_count").GetInt32()));

        await owner.Delete($"/workflows/{own}/retention").Success();
        await Becomes(installation, own, 4);
        await owner.Delete("/settings/retention").Success();
        Assert.Equal(JsonValueKind.Null, (await owner.Get("/settings/retention").Success()).GetProperty("organization").ValueKind);
    }

    [Fact]
    public async Task F810_What_has_not_ended_stays_and_so_does_what_called_it_or_is_taken_up_again()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var workflow = await owner.Publish(Quick);
        await AddOld(installation, owner, workflow, 1, 50, ended: false);
        await AddOld(installation, owner, workflow, 4, 40);
        // Of those four the first has called two that have ended, the second one that goes on, the third is taken up again.
        var callee = await owner.Publish(Quick.Replace("Quick", "Callee", StringComparison.Ordinal).Replace("api", "workflow", StringComparison.Ordinal));
        await AddOld(installation, owner, callee, 2, 39);
        await AddOld(installation, owner, callee, 1, 38, ended: false);
        await AddOld(installation, owner, callee, 1, 37);
        await installation.Execute("""
            with root as (select id, row_number() over (order by id) n from runs where workflow_id = $1 and finished_at is not null),
            child as (select id, row_number() over (order by id) n from runs where workflow_id = $2)
            update runs r set parent_run_id = case when c.n <= 3 then p.id end, parent_node = case when c.n <= 3 then 'a' end, retry_of = case when c.n = 4 then p.id end
            from child c join root p on p.n = case when c.n <= 2 then 1 else c.n - 1 end
            where r.id = c.id
            """, Guid.Parse(workflow), Guid.Parse(callee));
        await owner.Put($"/workflows/{workflow}/retention", new { max_age_days = 30, min_count = 0 }).Success();
        // The first with what it called, and the fourth.
        await Becomes(installation, callee, 2);
        await Becomes(installation, workflow, 3);
        await Swept(installation, owner);
        Assert.Equal((3, 2), (await Stored(installation, workflow), await Stored(installation, callee)));
    }

    [Fact]
    public async Task F810_No_policy_keeps_less_than_the_installation_wants_or_says_nothing()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        foreach (var (policy, pointer) in ((object, string)[])
        [
            (new { max_age_days = 0, min_count = 0 }, "/max_age_days"), (new { max_count = 1, min_count = 0 }, "/max_count"), (new { max_count = 5, min_count = 6 }, "/min_count"),
            (new { max_age_days = 30, min_count = -1 }, "/min_count"), (new { min_count = 5 }, ""),
        ])
        {
            var refused = await owner.Put("/settings/retention", policy);
            Assert.Equal((400, pointer), ((int)refused.StatusCode, Assert.Single((await refused.Json()).GetProperty("errors").EnumerateArray()).Text("pointer")));
        }
        await owner.Put($"/workflows/{Guid.NewGuid()}/retention", new { max_count = 5, min_count = 0 }).Refuses(404, "workflow.not_found");
        await owner.Delete("/settings/retention").Refuses(404, "retention.not_found");
        var installation = await Installation.Get();
        var editor = await owner.NewMember(installation, "flow_editor");
        await editor.Put("/settings/retention", new { max_count = 5, min_count = 0 }).Refuses(403, "permission.missing");
    }

    [Fact]
    public async Task F810_Setting_and_removing_a_policy_is_audited()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        await owner.Put("/settings/retention", new { max_age_days = 90, min_count = 0 }).Success();
        await owner.Put("/settings/retention", new { max_age_days = 60, min_count = 5 }).Success();
        await owner.Delete("/settings/retention").Success();
        var updated = await installation.Audited(owner.Organization, "retention.updated");
        Assert.Equal((2, 90, 60), (updated.Length, updated[0].GetProperty("before").GetProperty("max_age_days").GetInt32(), updated[0].GetProperty("after").GetProperty("max_age_days").GetInt32()));
        Assert.Single(await installation.Audited(owner.Organization, "retention.removed"));
    }

    [Fact]
    public async Task FK12_A_receipt_is_kept_for_its_days_and_then_deleted()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var workflow = await owner.Publish(Quick);
        var run = await owner.StartRun(workflow, key: "kept");
        await owner.StartRun(workflow, key: "old");
        await installation.Execute("update trigger_receipts set received_at = now() - interval '31 days' where workflow_id = $1 and dedup_key like '%old'", Guid.Parse(workflow));
        await Condition.Holds(async () => await installation.Scalar<long>("select count(*) from trigger_receipts where workflow_id = $1", Guid.Parse(workflow)) == 1, "the old one is gone");
        Assert.Equal(run, await owner.StartRun(workflow, key: "kept"));
    }

    [Fact]
    public async Task F810_The_policy_of_a_folder_counts_for_its_workflows_and_a_workflows_own_before_it()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var folder = (await owner.Post("/folders", new { name = "Short-lived" }).Success()).Text("id");
        async Task<string> InFolder(string name)
        {
            var workflow = await owner.Publish(Quick.Replace("Quick", name, StringComparison.Ordinal));
            await owner.Put($"/workflows/{workflow}/folder", new { folder_id = folder }).Success();
            return workflow;
        }

        var (inside, own, outside) = (await InFolder("Inside"), await InFolder("Own"), await owner.Publish(Quick));
        await owner.Put("/settings/retention", new { max_age_days = 100 }).Success();
        await owner.Put($"/workflows/{own}/retention", new { max_age_days = 50 }).Success();
        await owner.Put($"/folders/{folder}/retention", new { max_age_days = 5 }).Success();
        foreach (var workflow in (string[])[inside, own, outside])
            await AddOld(installation, owner, workflow, 3, 20);
        await Swept(installation, owner);
        Assert.Equal((0, 3, 3), (await Stored(installation, inside), await Stored(installation, own), await Stored(installation, outside)));

        var shown = await owner.Get("/settings/retention").Success();
        Assert.Equal(("Short-lived", 5), (shown.GetProperty("folders")[0].Text("folder_name"), shown.GetProperty("folders")[0].GetProperty("policy").GetProperty("max_age_days").GetInt32()));
        await owner.Delete($"/folders/{folder}/retention").Success();
        await AddOld(installation, owner, inside, 3, 20);
        await Swept(installation, owner);
        Assert.Equal(3, await Stored(installation, inside));
    }
}
