using System.Net;
using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Abuse;

/// <summary>Workflows and callers that make a run's data large, deep or unreadable.</summary>
public sealed class HostileRunTests
{
    private static string Transform(string expression) => $$"""
        format: 1
        name: Makes
        trigger: { type: api }
        nodes:
          - { id: make, type: transform, settings: { output: '{{expression}}' } }
          - { id: ask, type: review, settings: { title: "Go on?", content: "x" } }
        edges:
          - { from: make, to: ask }
        """;

    private static string Document(string nodes) => $"format: 1\nname: Grows\ntrigger: {{ type: api }}\nnodes:\n{nodes}\n";

    [Theory]
    [InlineData("""{{ "a\u0000b" }}""")]
    [InlineData("""{{ string(b"a\x00b") }}""")]
    [InlineData("""{{ {"k\u0000": 1} }}""")]
    public async Task Abuse15_A_value_that_the_journal_cannot_give_back_fails_its_step(string expression)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var run = await PublishedWorkflows.Start(owner, await PublishedWorkflows.Publish(owner, Transform(expression)), null);
        var shown = await PublishedWorkflows.Finished(owner, run);
        Assert.Equal(("failed", "run.value_not_storable"), (shown.Text("status"), shown.GetProperty("error").Text("code")));
    }

    [Fact]
    public async Task Abuse04_A_value_deeper_than_a_run_takes_is_refused_at_the_start_and_in_a_step()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var workflow = await PublishedWorkflows.Publish(owner, Transform("{{ [[[[trigger.body]]]] }}"));
        foreach (var levels in (int[])[50, 60, 70, 200])
        {
            using var deep = new StringContent($$"""{"input":{{new string('[', levels)}}1{{new string(']', levels)}}}""", null, "application/json");
            var answer = await owner.Post($"/workflows/{workflow}/runs", deep, ("Idempotency-Key", $"deep{levels}"));
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
        using var borderline = new StringContent($$"""{"input":{{new string('[', 45)}}1{{new string(']', 45)}}}""", null, "application/json");
        var started = await (await owner.Post($"/workflows/{workflow}/runs", borderline, ("Idempotency-Key", "border"))).Success();
        var shown = await PublishedWorkflows.Finished(owner, started.Text("run_id"));
        Assert.Equal("run.value_too_deep", shown.GetProperty("error").Text("code"));
    }

    [Theory]
    [InlineData("\"a\\u0000b\"")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("1e400")]
    public async Task Abuse04_An_input_that_no_run_can_store_is_refused_with_its_place(string input)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var workflow = await PublishedWorkflows.Publish(owner, Transform("{{ trigger.body }}"));
        using var body = new StringContent($"{{\"input\":{input}}}", null, "application/json");
        await owner.Post($"/workflows/{workflow}/runs", body, ("Idempotency-Key", "k")).Refuses(400, "body.malformed");
    }

    [Theory]
    [InlineData("name: \"\\ud800\"")]
    [InlineData("name: \"a\\0b\"")]
    [InlineData("name: x\ndescription: \"\\udc00\"")]
    public async Task Abuse15_A_workflow_that_no_database_can_store_has_a_fault(string name)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var document = $"format: 1\n{name}\ntrigger: {{ type: api }}\nnodes:\n  - {{ id: n, type: transform, settings: {{ output: 1 }} }}\n";
        await owner.Post("/workflows", new { document, format = "yaml" }).Refuses(422, "workflow.invalid");
    }

    [Fact]
    public async Task Abuse15_An_approver_that_is_no_text_does_not_stop_the_engine()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var document = Document("""  - { id: n, type: review, settings: { title: x, content: 1, approvers: { groups: ["\ud800"] } } }""");
        await owner.Post("/workflows", new { document, format = "yaml" }).Refuses(422, "workflow.invalid");
    }

    [Fact]
    public async Task Abuse18_A_step_whose_output_is_larger_than_a_run_takes_fails()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var workflow = await PublishedWorkflows.Publish(owner, Transform("{{ [trigger.body, trigger.body, trigger.body] }}"));
        var run = await PublishedWorkflows.Start(owner, workflow, new string('x', 400_000));
        var shown = await PublishedWorkflows.Finished(owner, run);
        Assert.Equal("run.value_too_large", shown.GetProperty("error").Text("code"));
    }

    [Fact]
    public async Task Abuse18_Nodes_that_each_repeat_the_ones_before_come_to_an_end_at_the_runs_limit()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var nodes = string.Join('\n', Enumerable.Range(0, 100).Select(i => $$$"""  - { id: n{{{i}}}, type: transform, settings: { output: "{{ trigger.body }}" } }"""));
        var workflow = await PublishedWorkflows.Publish(owner, Document(nodes));
        var run = await PublishedWorkflows.Start(owner, workflow, new string('x', 900_000));
        var shown = await PublishedWorkflows.Finished(owner, run);
        Assert.Equal("run.data_too_large", shown.GetProperty("error").Text("code"));
    }

    [Fact]
    public async Task Abuse18_Large_runs_at_once_go_through_beside_small_ones()
    {
        await using var installation = await TestInstallation.Start();
        var (heavy, light) = (await installation.NewOrganization(), await installation.NewOrganization());
        var nodes = string.Join('\n', Enumerable.Range(0, 14).Select(i => $$$"""  - { id: n{{{i}}}, type: transform, settings: { output: "{{ trigger.body }}" } }"""));
        var large = await PublishedWorkflows.Publish(heavy, Document(nodes));
        var small = await PublishedWorkflows.Publish(light, Document("  - { id: n, type: transform, settings: { output: 1 } }"));
        var text = new string('x', 900_000);
        var flood = Task.WhenAll(Enumerable.Range(0, 12).Select(i => heavy.Post($"/workflows/{large}/runs", new { input = text }, ("Idempotency-Key", $"k{i}"))));
        for (var i = 0; i < 20; i++)
            await PublishedWorkflows.Start(light, small, i).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.All(await flood.WaitAsync(TimeSpan.FromSeconds(120)), answer => Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode));
    }

    [Theory]
    [InlineData("review.approved")]
    [InlineData("review.created")]
    [InlineData("run.finished")]
    public async Task Abuse11_A_workflow_does_not_emit_what_only_Fluxgate_says(string type)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var answer = await owner.Post("/workflows/validate", new { document = Document($"  - {{ id: n, type: emit, settings: {{ event: {type}, data: 1 }} }}"), format = "yaml" });
        var shown = await answer.Success();
        Assert.False(shown.GetProperty("valid").GetBoolean());
        Assert.Equal("/nodes/0/settings/event", shown.GetProperty("errors")[0].Text("pointer"));
    }
}
