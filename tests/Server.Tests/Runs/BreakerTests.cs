using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Runs;

/// <summary>Connectors whose service fails.</summary>
public sealed class BreakerTests
{
    [Fact]
    public async Task FK06_After_so_many_failed_steps_no_call_is_made_until_one_that_is_tried_succeeds()
    {
        var scene = await Scene.New(threshold: 2, new StubAnswer(500), new StubAnswer(500), new StubAnswer(200));
        Assert.Equal("http.status", await scene.FailedRun());
        Assert.Equal(("closed", 1), await scene.Breaker());
        Assert.Equal("http.status", await scene.FailedRun());
        Assert.Equal(("open", 2), await scene.Breaker());
        Assert.Equal("connector.breaker_open", await scene.FailedRun());
        Assert.Equal(2, scene.Service.Requests.Count);

        await scene.TimeIsOver();
        Assert.Equal("succeeded", (await scene.Run()).Text("status"));
        Assert.Equal(("closed", 0), await scene.Breaker());
        Assert.Equal(3, scene.Service.Requests.Count);
        foreach (var type in (string[])["opened", "half_opened", "closed"])
            Assert.Single(await scene.Installation.Audited(scene.Owner.Organization, $"connector.breaker_{type}"));
    }

    [Fact]
    public async Task FK06_A_tried_call_that_fails_opens_it_again()
    {
        var scene = await Scene.New(threshold: 1, new StubAnswer(503));
        await scene.FailedRun();
        await scene.TimeIsOver();
        Assert.Equal("http.status", await scene.FailedRun());
        Assert.Equal(("open", 2), await scene.Breaker());
        Assert.Equal("connector.breaker_open", await scene.FailedRun());
    }

    [Fact]
    public async Task FK06_A_step_counts_once_however_often_it_was_tried()
    {
        var scene = await Scene.New(threshold: 2, attempts: 3, new StubAnswer(502));
        Assert.Equal("http.status", await scene.FailedRun());
        Assert.Equal(3, scene.Service.Requests.Count);
        Assert.Equal(("closed", 1), await scene.Breaker());
    }

    [Fact]
    public async Task FK06_A_service_that_refuses_a_request_works_and_one_that_is_silent_does_not()
    {
        var silent = new TaskCompletionSource();
        var scene = await Scene.New(threshold: 2, new StubAnswer(500), new StubAnswer(404), new StubAnswer(200) { Until = silent.Task });
        await scene.FailedRun();
        Assert.Equal("http.status", await scene.FailedRun());
        Assert.Equal(("closed", 0), await scene.Breaker());
        Assert.Equal("step.timeout", await scene.FailedRun());
        silent.SetResult();
        Assert.Equal(("closed", 1), await scene.Breaker());
    }

    [Fact]
    public async Task FK06_A_step_that_may_be_tried_again_waits_for_the_breaker_and_all_steps_share_it()
    {
        var scene = await Scene.New(threshold: 1, attempts: 3, new StubAnswer(500), new StubAnswer(500), new StubAnswer(500), new StubAnswer(200));
        await scene.FailedRun();
        var run = await scene.Start();
        await Condition.Holds(async () => (await scene.Owner.Get($"/runs/{run}").Success()).Step("call") is var step && step.Text("status") == "waiting" && step.GetProperty("error").Text("code") == "connector.breaker_open", "the step waits");
        Assert.Equal(3, scene.Service.Requests.Count);
        await scene.Owner.Post($"/connectors/{scene.Connector}/breaker/reset", null).Success();
        Assert.Equal(("closed", 0), await scene.Breaker());
        await scene.Owner.Post($"/runs/{run}/cancel", null).Success();
        Assert.Equal("succeeded", (await scene.Run()).Text("status"));
        Assert.Single(await scene.Installation.Audited(scene.Owner.Organization, "connector.breaker_reset"));
    }

    [Fact]
    public async Task FK06_An_operator_sees_it_and_resets_it_from_the_command_line()
    {
        var scene = await Scene.New(threshold: 1, new StubAnswer(500), new StubAnswer(200));
        await scene.FailedRun();
        using var shell = await Cli.CommandLine.LoggedIn(scene.Installation, scene.Owner);
        Assert.Contains(" open ", (await shell.Run(null, "connectors", "list")).Out, StringComparison.Ordinal);
        Assert.Equal((0, ""), (await shell.Run(null, "connectors", "reset-breaker", "service")) is var (exit, output, _) ? (exit, output) : default);
        Assert.Equal("succeeded", (await scene.Run()).Text("status"));
        var (missing, _, error) = await shell.Run(null, "connectors", "reset-breaker", "nowhere");
        Assert.Equal(1, missing);
        Assert.StartsWith("connector.not_found", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FK06_Another_address_is_another_service()
    {
        var scene = await Scene.New(threshold: 1, new StubAnswer(500));
        await scene.FailedRun();
        var other = (await Tests.Installation.Stub()).NewPath();
        async Task Save(string baseUrl, string description, int version) => await scene.Owner.Put($"/connectors/{scene.Connector}", new
        {
            description, base_url = baseUrl, authentication = new { type = "none" }, endpoints = new[] { new { name = "call", method = "POST", path = "/call", timeout_seconds = 30 } },
        }, ("If-Match", $"\"{version}\"")).Success();
        await Save(scene.Service.Address.AbsoluteUri, "Same service", 1);
        Assert.Equal(("open", 1), await scene.Breaker());
        await Save(other.Address.AbsoluteUri, "Another", 2);
        Assert.Equal(("closed", 0), await scene.Breaker());
        Assert.Equal("succeeded", (await scene.Run()).Text("status"));
    }

    [Fact]
    public async Task FK06_Its_settings_are_the_connectors_own_within_their_ranges()
    {
        var scene = await Scene.New(threshold: 7);
        var shown = await scene.Owner.Get($"/connectors/{scene.Connector}").Success();
        Assert.Equal(7, shown.GetProperty("breaker").GetProperty("failure_threshold").GetInt32());
        foreach (var (breaker, pointer) in ((object, string)[])[(new { failure_threshold = 0 }, "failure_threshold"), (new { open_seconds = 3601 }, "open_seconds"), (new { trials = 101 }, "trials")])
        {
            var answer = await scene.Owner.Post("/connectors", new { name = "x", base_url = "https://example.test", authentication = new { type = "none" }, endpoints = Array.Empty<object>(), breaker });
            Assert.Equal([$"/breaker/{pointer}"], (await answer.Json()).GetProperty("errors").EnumerateArray().Select(e => e.Text("pointer")));
        }
        var viewer = await scene.Owner.NewMember(scene.Installation, "viewer");
        await viewer.Post($"/connectors/{scene.Connector}/breaker/reset", null).Refuses(403, "permission.missing");
    }

    private sealed record Scene(TestInstallation Installation, TestMember Owner, StubPath Service, string Connector, string Workflow)
    {
        public static Task<Scene> New(int threshold, params StubAnswer[] answers) => New(threshold, attempts: 1, answers);

        public static async Task<Scene> New(int threshold, int attempts, params StubAnswer[] answers)
        {
            var installation = await Tests.Installation.Get();
            var owner = await installation.NewOrganization();
            var service = (await Tests.Installation.Stub()).NewPath(answers);
            var connector = (await owner.Post("/connectors", new
            {
                name = "service",
                base_url = service.Address.AbsoluteUri,
                authentication = new { type = "none" },
                endpoints = new[] { new { name = "call", method = "POST", path = "/call", timeout_seconds = 30 } },
                breaker = new { failure_threshold = threshold, open_seconds = 600 },
            }).Success()).Text("id");
            var workflow = await owner.Publish($$"""
                format: 1
                name: Calls
                trigger: { type: api }
                nodes:
                  - { id: call, type: http, settings: { connector: service, endpoint: call }, timeout: 5s, retry: { attempts: {{attempts}}, initial: 10ms } }
                """);
            return new Scene(installation, owner, service, connector, workflow);
        }

        public Task<string> Start() => Owner.StartRun(Workflow);

        public async Task<JsonElement> Run() => await Owner.FinishedRun(await Start());

        /// <summary>A run that fails; its error's code.</summary>
        public async Task<string> FailedRun()
        {
            var run = await Run();
            Assert.Equal("failed", run.Text("status"));
            return run.GetProperty("error").Text("code");
        }

        public async Task<(string State, int Failures)> Breaker()
        {
            var status = (await Owner.Get($"/connectors/{Connector}").Success()).GetProperty("breaker_status");
            return (status.Text("state"), status.GetProperty("failures").GetInt32());
        }

        public async Task TimeIsOver() =>
            Assert.Equal(1, await Installation.Change("update connector_breakers set until = now() - interval '1 second' where connector_id = $1", Guid.Parse(Connector)));
    }
}
