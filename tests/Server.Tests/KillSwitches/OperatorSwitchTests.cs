using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Tests.Cli;
using Fluxgate.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Fluxgate.Server.Tests.KillSwitches;

/// <summary>FN12, what the operator switches off: on every node within a second, while health, signed-in people and the operator stay.</summary>
public sealed class OperatorSwitchTests
{
    private const string Quick = "{ format: 1, name: Quick, trigger: { type: api }, nodes: [{ id: a, type: merge }] }";
    private const string Insert = "insert into installation_switches values ($1, $2, 'for a test', 'operator', now())";

    private static Task<HttpResponseMessage> Start(TestMember member, string workflow) =>
        member.Post($"/workflows/{workflow}/runs", new { input = 1 }, ("Idempotency-Key", Guid.NewGuid().ToString()));

    private static CommandLine Shell(TestInstallation installation)
    {
        var shell = new CommandLine();
        shell.Environment["FLUXGATE_DATABASE__HOST"] = installation.DatabaseSocket;
        shell.Environment["FLUXGATE_PROFILE"] = "development";
        return shell;
    }

    private static async Task<string> Operate(CommandLine shell, TestInstallation installation, params string[] arguments)
    {
        var (exit, output, error) = await shell.Run(null, ["switch", .. arguments, "--data", installation.DataDirectory]);
        Assert.Equal((0, ""), (exit, error));
        return output;
    }

    /// <summary>What is known counts for a second; the rest is for requests and a busy machine.</summary>
    private static Task Answers(Func<Task<HttpResponseMessage>> request, string code) =>
        Condition.Holds(async () => await request() is { IsSuccessStatusCode: false } answer && (int)answer.StatusCode == 503 && await answer.Code() == code, code, seconds: 5);

    private static Task Succeeds(Func<Task<HttpResponseMessage>> request) =>
        Condition.Holds(async () => (await request()).IsSuccessStatusCode, "it is served again", seconds: 5);

    [Fact]
    public async Task FN12_The_api_and_the_hooks_go_off_on_every_node_within_a_second_and_people_stay()
    {
        await using var installation = await TestInstallation.Start();
        await using var second = await installation.AnotherNode();
        var owner = await installation.NewOrganization();
        var here = installation.KeyClient(await owner.NewKey("organization:read"));
        var there = new TestClient(second.Address) { ApiKey = here.ApiKey };
        var stranger = new TestClient(second.Address) { ApiKey = "fgk_no_key" };
        var anybody = new TestClient(second.Address);
        await there.Get("/v1/organization").Success();
        await anybody.Post("/hooks/nobody/in", new { }).Refuses(404, "route.not_found");

        await installation.Change(Insert, "api", "");
        await installation.Change(Insert, "hooks", "");
        await Answers(() => here.Get("/v1/organization"), "switch.api");
        await Answers(() => there.Get("/v1/organization"), "switch.api");
        await Answers(() => anybody.Post("/hooks/nobody/in", new { }), "switch.hooks");
        // First of all: nothing of the key is looked at.
        await stranger.Get("/v1/organization").Refuses(503, "switch.api");
        Assert.True((await stranger.Open("/health/ready")).IsSuccessStatusCode);
        await owner.Get("/organization").Success();
        await Start(owner, await owner.Publish(Quick)).Success();

        using var shell = Shell(installation);
        Assert.Contains("for a test", await Operate(shell, installation, "list"), StringComparison.Ordinal);
        await Operate(shell, installation, "on", "api", "--reason", "it is over");
        await Operate(shell, installation, "on", "hooks", "--reason", "it is over");
        await Succeeds(() => here.Get("/v1/organization"));
        await Succeeds(() => there.Get("/v1/organization"));
        await Condition.Holds(async () => (int)(await anybody.Post("/hooks/nobody/in", new { })).StatusCode == 404, "hooks are served again", seconds: 5);
    }

    [Fact]
    public async Task FN12_The_configuration_switches_the_api_off_too()
    {
        await using var installation = await TestInstallation.Start(("public_api_enabled", "false"));
        var owner = await installation.NewOrganization();
        await installation.KeyClient(await owner.NewKey("organization:read")).Get("/v1/organization").Refuses(503, "switch.api");
        await owner.Get("/organization").Success();
    }

    [Fact]
    public async Task FN12_The_operator_switches_one_organization_off_whose_people_can_read_but_start_nothing()
    {
        var installation = await Installation.Get();
        var (owner, other) = (await installation.NewOrganization(), await installation.NewOrganization());
        var (workflow, theirs) = (await owner.Publish(Quick), await other.Publish(Quick));
        var key = installation.KeyClient(await owner.NewKey("organization:read"));
        using var shell = Shell(installation);
        await Operate(shell, installation, "off", "organization", owner.Slug, "--reason", "sends spam");
        await Answers(() => key.Get("/v1/organization"), "switch.organization");
        await Start(owner, workflow).Refuses(503, "switch.organization");
        await Start(other, theirs).Success();
        var off = Assert.Single((await owner.Get("/kill-switches").Success()).GetProperty("off").EnumerateArray());
        Assert.Equal(("organization", "sends spam", "operator"), (off.Text("kind"), off.Text("reason"), off.Text("set_by")));

        // What it may lift is its own alone, for PostgreSQL too.
        await owner.Put("/kill-switches/api", new { off = false, reason = "please" }).Success();
        var inside = installation.Services.GetRequiredService<Database>().Tenant(new OrganizationId(owner.Organization), new UserId(owner.UserId));
        Task<int> Set(string kind) => inside.Execute($"insert into kill_switches (organization_id, id, kind, reason, set_by, set_at) values ({owner.Organization}, {Guid.NewGuid()}, {kind}, {"x"}, {"x"}, {DateTimeOffset.UtcNow})", CancellationToken.None);
        Task<int> Lift(string kind) => inside.Execute($"delete from kill_switches where organization_id = {owner.Organization} and kind = {kind}", CancellationToken.None);
        Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => Set("organization"))).SqlState);
        Assert.Equal(0, await Lift("organization"));
        Assert.Equal((1, 1), (await Set("hooks"), await Lift("hooks")));
        await Start(owner, workflow).Refuses(503, "switch.organization");
        Assert.Equal("sends spam", Assert.Single(await installation.Audited(owner.Organization, "kill_switch.set")).GetProperty("details").Text("reason"));

        await Operate(shell, installation, "on", "organization", owner.Slug, "--reason", "it is over");
        await Succeeds(() => key.Get("/v1/organization"));
        await Start(owner, workflow).Success();
        var (exit, _, error) = await shell.Run(null, "switch", "off", "organization", "nobody", "--reason", "x", "--data", installation.DataDirectory);
        Assert.True(exit == 1 && error.Contains("organization.not_found", StringComparison.Ordinal), error);
    }

    [Fact]
    public async Task FN12_Steps_of_a_type_that_is_off_wait_and_what_uses_it_is_neither_started_nor_published()
    {
        await using var installation = await TestInstallation.Start();
        var owner = await installation.NewOrganization();
        const string Document = """
            format: 1
            name: Keeps
            trigger: { type: api }
            nodes:
              - { id: w, type: wait, settings: { signal: go } }
              - { id: keep, type: kv, settings: { action: set, key: a, scope: organization, value: 1 } }
            edges: [{ from: w, port: received, to: keep }]
            """;
        var (workflow, quick) = (await owner.Publish(Document), await owner.Publish(Quick));
        var run = await owner.StartRun(workflow);
        await owner.RunIn(run, "waiting");
        using var shell = Shell(installation);
        await Operate(shell, installation, "off", "node-type", "kv", "--reason", "it leaks");
        await Answers(() => Start(owner, workflow), "switch.node_type");
        await Start(owner, quick).Success();
        var draft = (await owner.Draft(Document.Replace("Keeps", "More", StringComparison.Ordinal)).Success()).Text("id");
        await owner.Post($"/workflows/{draft}/publish", null).Refuses(503, "switch.node_type");

        await owner.Post($"/runs/{run}/signals", new { name = "go" }).Success();
        await Condition.Holds(async () => (await owner.Get($"/runs/{run}").Success()).Step("keep").Text("status") == "running", "the step has begun");
        await owner.Get("/kv/organization/a").Refuses(404, "kv_entry.not_found");
        await Operate(shell, installation, "on", "node-type", "kv", "--reason", "mended");
        Assert.Equal("succeeded", (await owner.FinishedRun(run)).Text("status"));
        await owner.Get("/kv/organization/a").Success();
        await owner.Post($"/workflows/{draft}/publish", null).Success();

        var (exit, _, error) = await shell.Run(null, "switch", "off", "node-type", "transform", "--reason", "x", "--data", installation.DataDirectory);
        Assert.True(exit == 1 && error.Contains("switch.unknown_type", StringComparison.Ordinal), error);
    }

    [Fact]
    public async Task FN12_What_cannot_be_read_is_off_for_keys_and_hooks_and_people_stay()
    {
        await using var installation = await TestInstallation.Start();
        var owner = await installation.NewOrganization();
        var key = installation.KeyClient(await owner.NewKey("organization:read"));
        await key.Get("/v1/organization").Success();
        await installation.Change("revoke select on kill_switches from fluxgate_platform");
        await Answers(() => key.Get("/v1/organization"), "switch.unknown");
        await installation.Client().Post("/hooks/nobody/in", new { }).Refuses(503, "switch.unknown");
        await owner.Get("/organization").Success();
        await installation.Change("grant select on kill_switches to fluxgate_platform");
        await Succeeds(() => key.Get("/v1/organization"));
    }
}
