using System.Diagnostics;
using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Runs;

public sealed class HttpNodeTests
{
    private static string Calling(string connector, string more = "", string settings = "body: { n: 1, at: \"{{ now }}\" }") => $$"""
        format: 1
        name: Calls {{Guid.NewGuid():N}}
        trigger: { type: api }
        nodes:
          - { id: call, type: http, settings: { connector: {{connector}}, endpoint: call, {{settings}} }{{more}} }
        """;

    private const string QuickRetry = ", retry: { attempts: 4, initial: 10ms, max: 20ms }";

    /// <summary>One run against those answers.</summary>
    private static async Task<(JsonElement Run, StubPath Path)> Run(string more, params StubAnswer[] answers)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var path = (await Installation.Stub()).NewPath(answers);
        return (await owner.RunOnce(Calling(await owner.Connect(path), more)), path);
    }

    [Fact]
    public async Task An_answer_is_the_steps_output_and_the_call_is_in_the_audit_without_its_values()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var path = (await Installation.Stub()).NewPath(new StubAnswer(201, """{"id":"erp-1"}""") { Headers = [("X-Trace", "t1"), ("Set-Cookie", "a=b")] });
        var run = await owner.RunOnce(Calling(await owner.Connect(path), settings: "query: { q: \"a b\" }, headers: { X-Own: mine }, body: { amount: 7 }"));
        var output = run.Step("call").GetProperty("output");
        Assert.Equal((201, "erp-1", "t1"), (output.GetProperty("status").GetInt32(), output.GetProperty("body").Text("id"), output.GetProperty("headers").Text("x-trace")));
        Assert.False(output.GetProperty("headers").TryGetProperty("set-cookie", out _));
        var request = Assert.Single(path.Requests);
        Assert.Equal(("POST", $"{path.Name}/call", "?q=a%20b", """{"amount":7}""", "mine"), (request.Method, request.Path, request.Query, request.Text, request.Headers["X-Own"]));
        var audited = Assert.Single(await installation.Audited(owner.Organization, "run.finished")).GetProperty("details").GetProperty("calls")[0];
        Assert.Equal((path.Address.Authority, 201), (audited.Text("host"), audited.GetProperty("status").GetInt32()));
        Assert.DoesNotContain("erp-1", audited.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task FK07_A_failure_that_may_pass_is_tried_again_with_the_same_idempotency_key_and_body(int status)
    {
        var (run, path) = await Run(QuickRetry, new StubAnswer(status), new StubAnswer(status), new StubAnswer(200));
        Assert.Equal(("succeeded", 3), (run.Text("status"), run.Step("call").GetProperty("attempts").GetInt32()));
        Assert.Equal(3, path.Requests.Count);
        Assert.Equal($"{run.Text("id")}.call", Assert.Single(path.Requests.Select(r => r.Headers["Idempotency-Key"]).Distinct()));
        Assert.Single(path.Requests.Select(r => r.Text).Distinct());
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(422)]
    [InlineData(501)]
    [InlineData(505)]
    public async Task FK07_A_failure_that_stays_is_not_tried_again(int status)
    {
        var (run, path) = await Run(QuickRetry, new StubAnswer(status), new StubAnswer(200));
        Assert.Equal(("failed", "http.status", 1), (run.Text("status"), run.GetProperty("error").Text("code"), path.Requests.Count));
    }

    [Fact]
    public async Task FK07_A_connection_that_breaks_is_tried_again_and_not_without_end()
    {
        var (run, path) = await Run(QuickRetry, new StubAnswer(200) { CutsOff = true }, new StubAnswer(200));
        Assert.Equal(("succeeded", 2), (run.Text("status"), path.Requests.Count));
        var (failed, always) = await Run(QuickRetry, new StubAnswer(500));
        Assert.Equal(("failed", 4), (failed.Text("status"), always.Requests.Count));
        var (once, single) = await Run("", new StubAnswer(500));
        Assert.Equal(("failed", 1), (once.Text("status"), single.Requests.Count));
    }

    [Fact]
    public async Task FK07_Retry_After_is_waited_for()
    {
        var (run, path) = await Run(QuickRetry, new StubAnswer(429) { Headers = [("Retry-After", "1")] }, new StubAnswer(200));
        Assert.Equal("succeeded", run.Text("status"));
        Assert.True(Stopwatch.GetElapsedTime(path.Requests[0].Timestamp, path.Requests[1].Timestamp) >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task FK07_An_attempt_over_its_time_ends_and_counts()
    {
        var release = new TaskCompletionSource();
        var (run, path) = await Run(", timeout: 200ms, retry: { attempts: 2, initial: 10ms }", new StubAnswer(200) { Until = release.Task });
        release.SetResult();
        Assert.Equal(("failed", "step.timeout", 2), (run.Text("status"), run.GetProperty("error").Text("code"), path.Requests.Count));
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("authorization", "Bearer x")]
    [InlineData("Idempotency-Key", "mine")]
    [InlineData("Transfer-Encoding", "chunked")]
    [InlineData("X-A", "a\\r\\nX-B: b")]
    [InlineData("X A", "a")]
    public async Task Abuse06_A_workflow_sets_no_header_that_frames_or_signs_the_request(string name, string value)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var path = (await Installation.Stub()).NewPath();
        var run = await owner.RunOnce(Calling(await owner.Connect(path), settings: $"headers: {{ \"{name}\": \"{value}\" }}"));
        Assert.Equal("failed", run.Text("status"));
        Assert.Empty(path.Requests);
    }

    [Fact]
    public async Task Branches_that_meet_call_once()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var path = (await Installation.Stub()).NewPath();
        var connector = await owner.Connect(path);
        var run = await owner.RunOnce($$"""
            format: 1
            name: Diamond
            trigger: { type: api }
            nodes:
              - { id: left, type: http, settings: { connector: {{connector}}, endpoint: call, body: left } }
              - { id: right, type: http, settings: { connector: {{connector}}, endpoint: call, body: right } }
              - { id: meet, type: http, settings: { connector: {{connector}}, endpoint: call, body: meet } }
            edges: [{ from: left, to: meet }, { from: right, to: meet }]
            """);
        Assert.Equal("succeeded", run.Text("status"));
        Assert.Equal(["\"left\"", "\"right\""], path.Requests.Take(2).Select(r => r.Text).Order());
        Assert.Equal("\"meet\"", path.Requests[2].Text);
        Assert.Equal(3, path.Requests.Count);
    }

    [Fact]
    public async Task Abuse04_An_answer_that_no_run_can_hold_fails_its_step_or_is_cleaned()
    {
        var (deep, _) = await Run(QuickRetry, new StubAnswer(200, new string('[', 63) + new string(']', 63)));
        Assert.Equal(("failed", "run.value_too_deep"), (deep.Text("status"), deep.GetProperty("error").Text("code")));
        var (nul, _) = await Run("", new StubAnswer(200, "a\0b") { Headers = [("Content-Type", "text/plain")] });
        Assert.Equal("a\uFFFDb", nul.Step("call").GetProperty("output").Text("body"));
    }
}
