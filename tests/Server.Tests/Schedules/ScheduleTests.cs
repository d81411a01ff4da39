using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Schedules;

public sealed class ScheduleTests
{
    [Fact]
    public async Task FX15_A_scheduled_workflow_says_when_it_runs_next_on_the_clocks_of_its_zone()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var workflow = await owner.Publish("""
            format: 1
            name: Office hours
            trigger: { type: schedule, settings: { cron: "0 9 * * MON-FRI", time_zone: America/New_York } }
            nodes:
              - { id: a, type: transform, settings: { output: 1 } }
            """);
        var next = (await owner.Get($"/workflows/{workflow}").Success()).GetProperty("next_run_at").GetDateTimeOffset();
        var local = TimeZoneInfo.ConvertTime(next, TimeZoneInfo.FindSystemTimeZoneById("America/New_York"));
        Assert.Equal((9, 0), (local.Hour, local.Minute));
        Assert.DoesNotContain(local.DayOfWeek, (DayOfWeek[])[DayOfWeek.Saturday, DayOfWeek.Sunday]);
        Assert.InRange(next, TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow().AddDays(4));
        Assert.Equal(next, Assert.Single((await owner.Get("/workflows").Success()).GetProperty("items").EnumerateArray()).GetProperty("next_run_at").GetDateTimeOffset());
        await owner.Post($"/workflows/{workflow}/runs", new { input = 1 }, ("Idempotency-Key", "k")).Refuses(422, "workflow.other_trigger");

        // Another organization sees nothing of it.
        var other = await installation.NewOrganization();
        await other.Get($"/workflows/{workflow}").Refuses(404, "workflow.not_found");
        Assert.Empty((await other.Get("/workflows").Success()).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task FX15_A_time_that_comes_starts_a_run_by_the_system()
    {
        var scene = await ScheduleScene.New();
        await scene.Due();
        await scene.Kept();
        Assert.Equal(scene.Time.AddDays(1), await scene.Next());
        var trigger = await scene.Trigger();
        Assert.Equal(("schedule", ScheduleScene.Text(scene.Time), 0), (trigger.Text("type"), trigger.Text("scheduled_at"), trigger.GetProperty("missed").GetInt32()));
        Assert.Equal("schedule", (await scene.Runs())[0].Text("trigger_type"));
        var started = Assert.Single(await scene.Installation.Audited(scene.Owner.Organization, "run.finished"));
        Assert.Equal(("system", "schedule"), (started.GetProperty("actor").Text("kind"), started.GetProperty("actor").Text("label")));
        Assert.Empty(await scene.Installation.Audited(scene.Owner.Organization, "schedule.skipped"));
    }

    [Fact]
    public async Task FX15_A_time_has_one_run_though_the_node_dies_before_it_moves_on()
    {
        var scene = await ScheduleScene.New();
        for (var n = 0; n < 3; n++)
        {
            await scene.Installation.Change("update schedules set last_run_id = null where workflow_id = $1", Guid.Parse(scene.Workflow));
            await scene.Due();
            await scene.Kept();
        }
        await scene.Trigger();
        Assert.Single(await scene.Installation.Audited(scene.Owner.Organization, "run.finished"));
    }

    [Fact]
    public async Task FX15_Two_nodes_start_one_run_for_each_time()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        await using var second = await installation.AnotherNode();
        var scenes = new List<ScheduleScene>();
        for (var n = 0; n < 12; n++)
            scenes.Add(await ScheduleScene.New(owner: owner));
        // As when leases run out under slow nodes: the same time is due again and again.
        for (var n = 0; n < 3; n++)
            foreach (var scene in scenes)
                await scene.Due();
        foreach (var scene in scenes)
        {
            await scene.Kept();
            await scene.Trigger();
        }
        Assert.Equal(scenes.Count, (await installation.Audited(owner.Organization, "run.finished")).Length);
    }

    [Fact]
    public async Task FX15_Missed_times_have_one_run_by_default()
    {
        var scene = await ScheduleScene.New();
        await scene.Due(daysAgo: 2);
        await scene.Kept();
        var trigger = await scene.Trigger();
        Assert.Equal((ScheduleScene.Text(scene.Time), 2), (trigger.Text("scheduled_at"), trigger.GetProperty("missed").GetInt32()));
    }

    [Fact]
    public async Task FX15_Missed_times_are_skipped_where_the_schedule_says_so()
    {
        var scene = await ScheduleScene.New("missed: skip");
        await scene.Due(daysAgo: 2);
        await scene.Kept();
        Assert.Empty(await scene.Runs());
        await Skipped(scene, "missed", scene.Time.AddDays(-2), scene.Time);
    }

    [Fact]
    public async Task FX15_Missed_times_all_run_beside_each_other_up_to_a_hundred()
    {
        var scene = await ScheduleScene.New("missed: run_all, overlap: allow", ScheduleScene.Waits);
        await scene.Due(daysAgo: 2);
        await scene.Kept();
        Assert.Equal(["waiting", "waiting", "waiting"], (await scene.Runs()).Select(r => r.Text("status")));
        await scene.Due(daysAgo: 110);
        await scene.Kept();
        // Three of the last hundred had theirs.
        Assert.Equal(100, (await scene.Runs()).Length);
        await Skipped(scene, "missed", scene.Time.AddDays(-110), scene.Time.AddDays(-100));
    }

    [Fact]
    public async Task FX15_A_time_that_overlaps_with_the_last_run_is_skipped()
    {
        var scene = await ScheduleScene.New(node: ScheduleScene.Waits);
        await scene.Due();
        await scene.Kept();
        var run = Assert.Single(await scene.Runs()).Text("id");

        // Another time, of the next version: what runs on from the version before counts.
        var later = ScheduleScene.HoursAgo(5);
        var draft = await scene.Owner.Post($"/workflows/{scene.Workflow}/draft", null).Success();
        await scene.Owner.Put($"/workflows/{scene.Workflow}/draft", new { document = ScheduleScene.Document(later), format = "yaml" }, ("If-Match", $"\"{draft.GetProperty("revision").GetInt32()}\"")).Success();
        await scene.Owner.Post($"/workflows/{scene.Workflow}/publish", null).Success();
        await scene.Due(time: later);
        await scene.Kept();
        Assert.Equal(run, Assert.Single(await scene.Runs()).Text("id"));
        await Skipped(scene, "overlap", later, later);

        await scene.Owner.Post($"/runs/{run}/cancel", null).Success();
        await scene.Owner.RunIn(run, "cancelled");
        await scene.Due(time: later);
        await scene.Kept();
        Assert.Equal(2, (await scene.Runs()).Length);
    }

    [Fact]
    public async Task FX15_A_paused_workflow_starts_nothing_and_makes_up_for_it_when_it_goes_on()
    {
        var scene = await ScheduleScene.New();
        await scene.Owner.Post($"/workflows/{scene.Workflow}/pause", null).Success();
        Assert.Null(await scene.Next());
        await scene.Due(daysAgo: 1);
        // Another schedule of the same organization that is due after it is kept, so it was passed over.
        var other = await ScheduleScene.New(owner: scene.Owner);
        await other.Due();
        await other.Kept();
        Assert.Empty(await scene.Runs());

        await scene.Owner.Post($"/workflows/{scene.Workflow}/resume", null).Success();
        await scene.Kept();
        Assert.Equal(1, (await scene.Trigger()).GetProperty("missed").GetInt32());
    }

    [Fact]
    public async Task FX15_A_workflow_that_is_archived_or_gets_another_trigger_has_no_schedule()
    {
        var (archived, changed) = (await ScheduleScene.New(), await ScheduleScene.New());
        await archived.Owner.Post($"/workflows/{archived.Workflow}/archive", null).Success();
        var draft = await changed.Owner.Post($"/workflows/{changed.Workflow}/draft", null).Success();
        var document = ScheduleScene.Document(changed.Time).Replace("type: schedule", "type: api", StringComparison.Ordinal);
        document = document[..document.IndexOf(", settings: { cron", StringComparison.Ordinal)] + " }\nnodes:\n  - " + ScheduleScene.Ends;
        await changed.Owner.Put($"/workflows/{changed.Workflow}/draft", new { document, format = "yaml" }, ("If-Match", $"\"{draft.GetProperty("revision").GetInt32()}\"")).Success();
        await changed.Owner.Post($"/workflows/{changed.Workflow}/publish", null).Success();
        foreach (var scene in (ScheduleScene[])[archived, changed])
        {
            Assert.Equal("0", await scene.Installation.TextOf("select count(*) from schedules where workflow_id = $1", Guid.Parse(scene.Workflow)));
            Assert.Null(await scene.Next());
        }
    }

    [Fact]
    public async Task FX15_A_schedule_that_cannot_start_waits_and_holds_up_no_other()
    {
        var scene = await ScheduleScene.New();
        await scene.Installation.Change("update workflow_versions set document = 'rubbish' where workflow_id = $1", Guid.Parse(scene.Workflow));
        await scene.Due();
        var other = await ScheduleScene.New(owner: scene.Owner);
        await other.Due();
        await other.Kept();
        await other.Trigger();
        // It is still there to be kept, and not looked at again at once.
        Assert.Equal("True", await scene.Installation.TextOf("select due_at > $2 and next_at = $3 from schedules where workflow_id = $1", Guid.Parse(scene.Workflow), TimeProvider.System.GetUtcNow().AddSeconds(15), scene.Time));
        Assert.Empty(await scene.Runs());
    }

    [Fact]
    public async Task FX15_A_fault_of_a_schedule_is_named_by_its_place()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        // A zone that was found once is not found by another spelling either.
        await owner.Publish("""
            format: 1
            name: Berlin
            trigger: { type: schedule, settings: { cron: "0 0 1 1 *", time_zone: Europe/Berlin } }
            nodes:
              - { id: a, type: transform, settings: { output: 1 } }
            """);
        foreach (var (settings, expected) in ((string, string)[])
        [
            ("""cron: "61 * * * *" """, "/trigger/settings/cron@3:46 schedule.cron"),
            ("""cron: "0 0 30 2 *" """, "/trigger/settings/cron@3:46 schedule.never"),
            ("""cron: "{{ vars.cron }}" """, "/trigger/settings/cron@3:46 type"),
            ("""cron: 5""", "/trigger/settings/cron@3:46 type"),
            ("time_zone: UTC", "/trigger/settings/cron@3:38 required"),
            ("""cron: "* * * * *", time_zone: Mars/Olympus""", "/trigger/settings/time_zone@3:70 schedule.time_zone"),
            ("""cron: "* * * * *", time_zone: europe/berlin""", "/trigger/settings/time_zone@3:70 schedule.time_zone"),
            ("""cron: "* * * * *", time_zone: localtime""", "/trigger/settings/time_zone@3:70 schedule.time_zone"),
            ("""cron: "* * * * *", time_zone: right/Europe/Berlin""", "/trigger/settings/time_zone@3:70 schedule.time_zone"),
            ("""cron: "* * * * *", time_zone: ../../../etc/passwd""", "/trigger/settings/time_zone@3:70 schedule.time_zone"),
            ("""cron: "* * * * *", missed: sometimes""", "/trigger/settings/missed@3:67 choice"),
            ("""cron: "* * * * *", missed: run_all""", "/trigger/settings/missed@3:67 schedule.run_all_overlaps"),
            ("""cron: "* * * * *", overlap: queue""", "/trigger/settings/overlap@3:68 choice"),
            ("""cron: "* * * * *", every: 5m""", "/trigger/settings/every@3:66 unknown"),
        ])
        {
            var answer = await owner.Draft($"format: 1\nname: N\ntrigger: {{ type: schedule, settings: {{ {settings} }} }}\nnodes:\n  - {{ id: a, type: transform, settings: {{ output: 1 }} }}\n");
            Assert.Equal((422, "workflow.invalid"), ((int)answer.StatusCode, await answer.Code()));
            var faults = (await answer.Json()).GetProperty("errors").EnumerateArray().Select(e => $"{e.Text("pointer")}@{e.GetProperty("line")}:{e.GetProperty("column")} {e.Text("code")}");
            Assert.Equal([expected], faults);
        }
    }

    private static async Task Skipped(ScheduleScene scene, string reason, DateTimeOffset from, DateTimeOffset to)
    {
        var skipped = Assert.Single(await scene.Installation.Audited(scene.Owner.Organization, "schedule.skipped"));
        JsonElement details = skipped.GetProperty("details"), resource = skipped.GetProperty("resource");
        Assert.Equal((reason, ScheduleScene.Text(from), ScheduleScene.Text(to)), (details.Text("reason"), details.Text("from"), details.Text("to")));
        Assert.Equal(scene.Workflow, resource.Text("id"));
        Assert.Equal("system", skipped.GetProperty("actor").Text("kind"));
    }
}
