using System.Text.Json;
using Fluxgate.Server.Tests.Hooks;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.KillSwitches;

/// <summary>FN12, what an organization switches off for itself.</summary>
public sealed class KillSwitchTests
{
    private const string Quick = "{ format: 1, name: Quick, trigger: { type: api }, nodes: [{ id: a, type: merge }] }";

    private static object Switch(bool off) => new { off, reason = "a key may have leaked" };

    private static Task<HttpResponseMessage> Start(TestMember member, string workflow) =>
        member.Post($"/workflows/{workflow}/runs", new { input = 1 }, ("Idempotency-Key", Guid.NewGuid().ToString()));

    private static Task Answers(Func<Task<HttpResponseMessage>> request, string code) =>
        Condition.Holds(async () => await request() is { IsSuccessStatusCode: false } answer && (int)answer.StatusCode == 503 && await answer.Code() == code, code, seconds: 3);

    private static Task Succeeds(Func<Task<HttpResponseMessage>> request) =>
        Condition.Holds(async () => (await request()).IsSuccessStatusCode, "it is served again", seconds: 3);

    [Fact]
    public async Task FN12_An_organization_switches_its_api_off_and_only_a_signed_in_person_lifts_it()
    {
        var installation = await Installation.Get();
        var (owner, other) = (await installation.NewOrganization(), await installation.NewOrganization());
        var key = installation.KeyClient(await owner.NewKey("organization:read", "organization:write"));
        var foreign = installation.KeyClient(await other.NewKey("organization:read"));
        await key.Put("/v1/kill-switches/api", Switch(off: true)).Success();
        await Answers(() => key.Get("/v1/organization"), "switch.api");
        await key.Put("/v1/kill-switches/api", Switch(off: false)).Refuses(503, "switch.api");
        await foreign.Get("/v1/organization").Success();

        var off = Assert.Single((await owner.Get("/kill-switches").Success()).GetProperty("off").EnumerateArray());
        Assert.Equal(("api", "a key may have leaked"), (off.Text("kind"), off.Text("reason")));
        await owner.Put("/kill-switches/api", Switch(off: false)).Success();
        await Succeeds(() => key.Get("/v1/organization"));
        Assert.Empty((await owner.Get("/kill-switches").Success()).GetProperty("off").EnumerateArray());
        foreach (var type in (string[])["kill_switch.set", "kill_switch.lifted"])
            Assert.Equal(("api", "a key may have leaked"), Assert.Single(await installation.Audited(owner.Organization, type)).GetProperty("details") is var details ? (details.Text("switch"), details.Text("reason")) : default);
    }

    [Fact]
    public async Task FN12_An_organization_switches_its_hooks_off()
    {
        var (scene, other) = (await HookScene.New(), await HookScene.New());
        await scene.Owner.Put("/kill-switches/hooks", Switch(off: true)).Success();
        await Answers(() => scene.Send("""{"n":1}"""), "switch.hooks");
        Assert.True((await other.Send("""{"n":1}""")).IsSuccessStatusCode);
        var runs = await scene.Runs();
        // Told before anything of the request is believed.
        await scene.Post("{}"u8.ToArray()).Refuses(503, "switch.hooks");
        Assert.Equal(runs, await scene.Runs());
        await scene.Owner.Put("/kill-switches/hooks", Switch(off: false)).Success();
        await Succeeds(() => scene.Send("""{"n":1}"""));
    }

    [Fact]
    public async Task FN12_No_run_of_a_workflow_that_is_off_begins_whatever_would_start_it()
    {
        var scene = await HookScene.New();
        var (owner, installation) = (scene.Owner, scene.Installation);
        var started = await owner.Publish(Quick);
        var called = await owner.Publish("{ format: 1, name: Called, trigger: { type: workflow }, nodes: [{ id: a, type: merge }] }");
        var calling = await owner.Publish("{ format: 1, name: Calls, trigger: { type: api }, nodes: [{ id: call, type: workflow, settings: { workflow: Called } }] }");
        var failing = await owner.Publish("{ format: 1, name: Fails, error_workflow: Called, trigger: { type: api }, nodes: [{ id: no, type: fail, settings: { message: no } }] }");
        async Task<long> Runs(string workflow) => long.Parse(await installation.TextOf("select count(*)::text from runs where workflow_id = $1", Guid.Parse(workflow)), System.Globalization.CultureInfo.InvariantCulture);
        foreach (var workflow in (string[])[started, called, scene.Workflow])
            await owner.Put($"/workflows/{workflow}/kill-switch", Switch(off: true)).Success();

        await Answers(() => Start(owner, started), "switch.workflow");
        await Answers(() => scene.Send("""{"n":1}"""), "switch.workflow");
        // Until this server knew, one may have begun.
        var before = await Runs(started);
        await Start(owner, started).Refuses(503, "switch.workflow");
        Assert.Equal("switch.workflow", (await owner.FinishedRun(await owner.StartRun(calling))).GetProperty("error").Text("code"));
        var failed = await owner.StartRun(failing);
        await owner.FinishedRun(failed);
        await owner.Put($"/workflows/{failing}/kill-switch", Switch(off: true)).Success();
        await Answers(() => owner.Post($"/runs/{failed}/retry", new { }, ("Idempotency-Key", Guid.NewGuid().ToString())), "switch.workflow");
        Assert.Equal((before, 0), (await Runs(started), await Runs(called)));

        foreach (var workflow in (string[])[started, called, scene.Workflow])
            await owner.Put($"/workflows/{workflow}/kill-switch", Switch(off: false)).Success();
        await Succeeds(() => Start(owner, started));
        await Succeeds(() => scene.Send("""{"n":1}"""));
        await installation.Change("update error_starts set due_at = now() where run_id = $1", Guid.Parse(failed));
        await Condition.Holds(async () => await Runs(called) > 0, "the error workflow that waited has started", seconds: 60);
    }

    [Fact]
    public async Task FN12_A_schedule_that_is_off_starts_nothing_and_goes_on_when_the_switch_is_lifted()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var workflow = await owner.Publish("{ format: 1, name: Often, trigger: { type: schedule, settings: { cron: \"0 4 * * *\", time_zone: UTC } }, nodes: [{ id: a, type: merge }] }");
        async Task<string> Runs() => await installation.TextOf("select count(*)::text from runs where workflow_id = $1 and trigger_type = 'schedule'", Guid.Parse(workflow));
        Task Due() => installation.Change("update schedules set due_at = next_at where workflow_id = $1", Guid.Parse(workflow));
        // Switched after it, so that what is known of this one is known of the schedule.
        var beside = await owner.Publish(Quick);
        foreach (var one in (string[])[workflow, beside])
            await owner.Put($"/workflows/{one}/kill-switch", Switch(off: true)).Success();
        await Answers(() => Start(owner, beside), "switch.workflow");
        await installation.Change("update schedules set next_at = next_at - interval '1 day' where workflow_id = $1", Guid.Parse(workflow));
        // Twice: whoever claimed it first has been told by then.
        for (var i = 0; i < 2; i++)
        {
            await Due();
            await Condition.Holds(async () => await installation.TextOf("select (due_at > now())::text from schedules where workflow_id = $1", Guid.Parse(workflow)) == "true", "the schedule was claimed");
        }
        Assert.Equal("0", await Runs());
        foreach (var one in (string[])[workflow, beside])
            await owner.Put($"/workflows/{one}/kill-switch", Switch(off: false)).Success();
        await Succeeds(() => Start(owner, beside));
        await Due();
        await Condition.Holds(async () => await Runs() == "1", "its time is made up for");
    }

    [Fact]
    public async Task FN12_Switches_need_a_permission_a_reason_and_the_own_workflow()
    {
        var installation = await Installation.Get();
        var (owner, other) = (await installation.NewOrganization(), await installation.NewOrganization());
        var (workflow, theirs) = (await owner.Publish(Quick), await other.Publish(Quick));
        var viewer = await owner.NewMember(installation, "flow_editor");
        await viewer.Get("/kill-switches").Success();
        foreach (var path in (string[])["/kill-switches/api", "/kill-switches/hooks", $"/workflows/{workflow}/kill-switch"])
        {
            await viewer.Put(path, Switch(off: true)).Refuses(403, "permission.missing");
            await owner.Put(path, new { off = true, reason = "" }).Refuses(400, "request.invalid");
            await owner.Put(path, new { off = true, reason = new string('x', 501) }).Refuses(400, "request.invalid");
        }
        await owner.Put($"/workflows/{theirs}/kill-switch", Switch(off: true)).Refuses(404, "workflow.not_found");
        await owner.Put("/kill-switches/organization", Switch(off: true)).Refuses(404, "route.not_found");
        await Start(other, theirs).Success();
        await Start(owner, workflow).Success();
        Assert.Empty(await installation.Audited(owner.Organization, "kill_switch.set"));
    }
}
