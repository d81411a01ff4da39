using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Runs;

/// <summary>The nodes that choose, join, and work on lists.</summary>
public sealed class ListNodeTests
{
    private static readonly object Invoices = new[]
    {
        new { vendor = "a", amount = 10.5 }, new { vendor = "b", amount = 3.0 }, new { vendor = "a", amount = 2.0 },
    };

    private static string Workflow(string nodes, string edges = "[]", string output = "null") =>
        $"format: 1\nname: W{Guid.NewGuid():N}\ntrigger: {{ type: api }}\nnodes:\n{nodes}\nedges: {edges}\noutput: {output}\n";

    [Theory]
    [InlineData("invoice", "invoice")]
    [InlineData("credit note", "credit note")]
    [InlineData("letter", "default")]
    [InlineData(7, "7")]
    [InlineData(true, "default")]
    public async Task F816_A_switch_takes_the_branch_that_its_value_names(object kind, string port)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var run = await owner.RunOnce(Workflow(
            """
              - { id: kind, type: switch, settings: { value: "{{ trigger.body }}", cases: [invoice, credit note, "7"] } }
              - { id: invoice, type: transform, settings: { output: invoice } }
              - { id: credit, type: transform, settings: { output: credit note } }
              - { id: seven, type: transform, settings: { output: "7" } }
              - { id: other, type: transform, settings: { output: default } }
              - { id: joined, type: merge }
            """,
            """
            [{ from: kind, port: invoice, to: invoice }, { from: kind, port: credit note, to: credit }, { from: kind, port: "7", to: seven }, { from: kind, port: default, to: other },
            { from: invoice, to: joined }, { from: credit, to: joined }, { from: seven, to: joined }, { from: other, to: joined }]
            """.ReplaceLineEndings(" "), "\"{{ steps.joined }}\""), kind);
        Assert.Equal(("succeeded", port), (run.Text("status"), run.Step("kind").Text("port")));
        // The merge gives what was taken, and nothing of what was skipped.
        Assert.Equal([port], run.GetProperty("output").EnumerateObject().Select(branch => branch.Value.GetString()!));
    }

    [Theory]
    [InlineData("value: [1], cases: [a]", "switch.value")]
    [InlineData("value: 1.5, cases: [a]", "switch.value")]
    public async Task F816_A_switch_on_what_has_no_name_fails(string settings, string code)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var run = await owner.RunOnce(Workflow($"  - {{ id: a, type: switch, settings: {{ {settings} }} }}"));
        Assert.Equal(("failed", code), (run.Text("status"), run.GetProperty("error").Text("code")));
    }

    [Theory]
    [InlineData("type: filter, settings: { items: \"{{ trigger.body }}\", where: \"{{ item.amount > 2.5 && index < 2 }}\" }", """[{"vendor":"a","amount":10.5},{"vendor":"b","amount":3}]""")]
    [InlineData("type: filter, settings: { items: \"{{ trigger.body }}\", where: false }", "[]")]
    [InlineData("type: aggregate, settings: { items: \"{{ trigger.body }}\", function: count }", "3")]
    [InlineData("type: aggregate, settings: { items: \"{{ trigger.body }}\", function: sum, value: \"{{ item.amount }}\" }", "15.5")]
    [InlineData("type: aggregate, settings: { items: [1, 2, 3], function: sum }", "6")]
    [InlineData("type: aggregate, settings: { items: [], function: sum }", "0")]
    [InlineData("type: aggregate, settings: { items: [1, 2], function: average }", "1.5")]
    [InlineData("type: aggregate, settings: { items: [], function: average }", "null")]
    [InlineData("type: aggregate, settings: { items: [3, 1.5, 2], function: min }", "1.5")]
    [InlineData("type: aggregate, settings: { items: [b, ab, c], function: max }", "\"c\"")]
    [InlineData("type: aggregate, settings: { items: \"{{ trigger.body }}\", function: list, value: \"{{ index }}\" }", "[0,1,2]")]
    [InlineData("type: aggregate, settings: { items: \"{{ trigger.body }}\", function: sum, value: \"{{ item.amount }}\", group_by: \"{{ item.vendor }}\" }", """[{"key":"a","value":12.5},{"key":"b","value":3}]""")]
    [InlineData("type: aggregate, settings: { items: \"{{ [1, 1.0, '1'] }}\", function: count, group_by: \"{{ item }}\" }", """[{"key":1,"value":2},{"key":"1","value":1}]""")]
    public async Task F816_A_list_is_filtered_or_made_into_one_value(string node, string output)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var run = await owner.RunOnce(Workflow($"  - {{ id: a, {node} }}"), Invoices);
        Assert.True(run.Text("status") == "succeeded", run.GetRawText());
        Assert.Equal(output, run.Step("a").GetProperty("output").GetRawText());
    }

    [Theory]
    [InlineData("type: filter, settings: { items: \"{{ trigger.body[0] }}\", where: true }", "list.not_a_list")]
    [InlineData("type: filter, settings: { items: [1], where: \"{{ item }}\" }", "list.not_a_bool")]
    [InlineData("type: filter, settings: { items: [1], where: \"{{ item.x }}\" }", "expression.no_such_overload")]
    [InlineData("type: aggregate, settings: { items: [a], function: sum }", "aggregate.not_a_number")]
    [InlineData("type: aggregate, settings: { items: [a, 1], function: max }", "aggregate.not_comparable")]
    [InlineData("type: aggregate, settings: { items: [1], function: count, group_by: \"{{ [item] }}\" }", "aggregate.group_by")]
    [InlineData("type: aggregate, settings: { items: [9223372036854775807, 1], function: sum }", "aggregate.overflow")]
    public async Task F816_A_list_that_does_not_fit_fails_its_step(string node, string code)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var run = await owner.RunOnce(Workflow($"  - {{ id: a, {node} }}"), Invoices);
        Assert.Equal(("failed", code), (run.Text("status"), run.GetProperty("error").Text("code")));
    }

    [Fact]
    public async Task Abuse03_A_long_list_does_not_make_a_cheap_expression_endless()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var run = await owner.RunOnce(
            Workflow("""  - { id: a, type: filter, settings: { items: "{{ trigger.body }}", where: "{{ item == 1 && item == 1 && item == 1 && item == 1 }}" } }"""), Enumerable.Repeat(1, 50_000).ToArray());
        Assert.Equal(("failed", "expression.cost"), (run.Text("status"), run.GetProperty("error").Text("code")));
    }

    [Fact]
    public async Task Abuse18_An_output_that_repeats_its_items_is_held_to_the_limit_of_a_value()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var run = await owner.RunOnce(
            Workflow("""  - { id: a, type: aggregate, settings: { items: "{{ trigger.body.n }}", function: list, value: "{{ trigger.body.text }}" } }"""),
            new { n = Enumerable.Range(0, 100).ToArray(), text = new string('x', 20_000) });
        Assert.Equal(("failed", "run.value_too_large"), (run.Text("status"), run.GetProperty("error").Text("code")));
    }

    [Theory]
    [InlineData("type: switch, settings: { value: 1, cases: [] }", "/nodes/0/settings/cases empty")]
    [InlineData("type: switch, settings: { value: 1, cases: [a, a] }", "/nodes/0/settings/cases/1 duplicate")]
    [InlineData("type: switch, settings: { value: 1, cases: [default] }", "/nodes/0/settings/cases/0 duplicate")]
    [InlineData("type: switch, settings: { value: 1, cases: [\"\"] }", "/nodes/0/settings/cases/0 length")]
    [InlineData("type: filter, settings: { items: [], where: \"{{ stranger }}\" }", "/nodes/0/settings/where expression.unknown_name")]
    [InlineData("type: filter, settings: { items: \"{{ item }}\", where: true }", "/nodes/0/settings expression.unknown_name")]
    [InlineData("type: filter, settings: { items: [], where: \"{{ item. }}\" }", "/nodes/0/settings/where expression.syntax")]
    [InlineData("type: aggregate, settings: { items: [], function: median }", "/nodes/0/settings/function choice")]
    [InlineData("type: merge, settings: { x: 1 }", "/nodes/0/settings/x unknown")]
    [InlineData("type: wait", "/nodes/0/settings/signal required")]
    [InlineData("type: wait, settings: { signal: \"{{ trigger.body }}\" }", "/nodes/0/settings/signal type")]
    public async Task FX14_A_setting_that_cannot_be_is_named_with_its_place(string node, string fault)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var answer = await owner.Draft(Workflow($"  - {{ id: a, {node} }}"));
        Assert.Equal(422, (int)answer.StatusCode);
        var faults = (await answer.Json()).GetProperty("errors").EnumerateArray().Select(e => $"{e.Text("pointer")} {e.Text("code")}");
        Assert.Equal([fault], faults);
    }

    [Fact]
    public async Task FX14_An_edge_of_a_switch_leaves_by_one_of_its_cases()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var answer = await owner.Draft(Workflow(
            """
              - { id: a, type: switch, settings: { value: 1, cases: [one] } }
              - { id: b, type: merge }
            """, "[{ from: a, port: two, to: b }]"));
        var fault = Assert.Single((await answer.Json()).GetProperty("errors").EnumerateArray());
        Assert.Equal(("/edges/0/port", "edge.port"), (fault.Text("pointer"), fault.Text("code")));
        Assert.Contains("one, default", fault.Text("message"), StringComparison.Ordinal);
    }
}
