using System.Globalization;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Storage;

/// <summary>F825: where little room is left no new run is taken, and those under way end.</summary>
public sealed class StorageGuardTests
{
    private const string Waits = """
        format: 1
        name: Waits
        trigger: { type: api }
        nodes: [{ id: w, type: wait, settings: { signal: go } }, { id: call, type: workflow, settings: { workflow: Called } }]
        edges: [{ from: w, port: received, to: call }]
        """;

    private const string Called = "{ format: 1, name: Called, trigger: { type: workflow }, nodes: [{ id: a, type: merge }] }";

    private static string FreeMegabytes(TestInstallation installation, int more) =>
        (new DriveInfo(installation.DataDirectory).AvailableFreeSpace / 1024 / 1024 + more).ToString(CultureInfo.InvariantCulture);

    [Fact]
    public async Task F825_A_nearly_full_disk_takes_no_new_run_and_ends_those_under_way()
    {
        await using var installation = await TestInstallation.Start(("storage:check_seconds", "1"));
        var owner = await installation.NewOrganization();
        await owner.Publish(Called);
        var workflow = await owner.Publish(Waits);
        var run = await owner.StartRun(workflow);
        await owner.RunIn(run, "waiting");

        await installation.Restart(("storage:check_seconds", "1"), ("storage:min_free_megabytes", FreeMegabytes(installation, 100_000)));
        var client = installation.Client();
        owner = await TestMember.SignedIn(client, await client.Post("/v1/auth/sign-in", new { email = owner.Email, password = TestClient.Password }));
        var refused = await owner.Post($"/workflows/{workflow}/runs", new { input = 1 }, ("Idempotency-Key", "k"));
        Assert.Equal((503, "storage.low", 1d), ((int)refused.StatusCode, await refused.Code(), refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds));
        Assert.Equal("ready, but takes no new runs", await (await installation.Client().Get("/health/ready")).Content.ReadAsStringAsync());
        // It calls another one: that belongs to what is under way.
        await owner.Post($"/runs/{run}/signals", new { name = "go" }).Success();
        Assert.Equal("succeeded", (await owner.FinishedRun(run)).Text("status"));

        // A file system that has no room at all.
        await installation.Restart(("storage:directory", "/proc"), ("storage:min_free_megabytes", "1"));
        Assert.Equal("ready, but takes no new runs", await (await installation.Client().Get("/health/ready")).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task F825_A_database_that_has_grown_beyond_its_limit_takes_runs_again_once_it_is_smaller()
    {
        await using var installation = await TestInstallation.Start(("storage:check_seconds", "1"), ("storage:min_free_megabytes", "0"), ("storage:max_database_megabytes", "60"));
        var owner = await installation.NewOrganization();
        var quick = await owner.Publish("{ format: 1, name: Quick, trigger: { type: api }, nodes: [{ id: a, type: merge }] }");
        await owner.FinishedRun(await owner.StartRun(quick));
        await installation.Execute("create table public.filler as select repeat(md5(n::text), 30) t from generate_series(1, 60000) n");
        await Condition.Holds(async () => (await owner.Post($"/workflows/{quick}/runs", new { input = 1 }, ("Idempotency-Key", Guid.NewGuid().ToString()))) is { } answer && (int)answer.StatusCode == 503 && await answer.Code() == "storage.low", "new runs are refused");
        await installation.Execute("drop table public.filler");
        await Condition.Holds(async () => (await owner.Post($"/workflows/{quick}/runs", new { input = 1 }, ("Idempotency-Key", Guid.NewGuid().ToString()))).IsSuccessStatusCode, "new runs are taken again");
    }
}
