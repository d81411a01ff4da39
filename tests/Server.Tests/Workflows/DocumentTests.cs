using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Workflows;

public sealed class DocumentTests
{
    private const string Start = "format: 1\nname: N\ntrigger: { type: api }\n";

    /// <summary>The faults of a document that is refused, as "pointer@line:column code"; nothing is saved.</summary>
    private static async Task<string[]> Faults(TestMember owner, string document, string format = "yaml")
    {
        var answer = await owner.Draft(document, format);
        Assert.Equal((422, "workflow.invalid"), ((int)answer.StatusCode, await answer.Code()));
        Assert.Empty((await owner.Get("/workflows").Success()).GetProperty("items").EnumerateArray());
        return [.. (await answer.Json()).GetProperty("errors").EnumerateArray().Select(e => $"{e.Text("pointer")}@{e.GetProperty("line")}:{e.GetProperty("column")} {e.Text("code")}")];
    }

    [Theory]
    [InlineData("json", """{"format":1,"name":"N","trigger":{"type":"api"},"nodes":[{"id":"a","type":"transform","settings":{"output":1}}],"output":"{{ steps.a }}"}""")]
    [InlineData("yaml", "format: 1\nname: N\ntrigger: { type: api }\nnodes:\n  - { id: a, type: transform@1, settings: { output: 1 } }\noutput: \"{{ steps.a }}\"\n")]
    public async Task FX14_A_workflow_is_made_from_json_or_yaml_and_kept_as_it_was_written(string format, string document)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var created = await owner.Draft(document, format).Success();
        Assert.Equal(("draft", document, format), (created.Text("state"), created.Text("document"), created.Text("format")));
        var read = await owner.Get($"/workflows/{created.Id()}").Success();
        Assert.Equal(document, read.Text("document"));
        await owner.Post($"/workflows/{created.Id()}/publish", null).Success();
        Assert.Equal(1, (await owner.FinishedRun(await owner.StartRun(created.Text("id")))).GetProperty("output").GetInt32());
    }

    [Fact]
    public async Task FX14_Every_fault_is_named_with_pointer_line_and_column_in_yaml()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var faults = await Faults(owner, """
            format: 2
            trigger: { type: carrier_pigeon }
            surprise: 1
            nodes:
              - id: Bad-Id
                type: transform
                settings: { output: 1 }
              - id: b
                type: teleport
                settings: {}
              - id: c
                type: transform
                settings:
                  output: "{{ 1 + }}"
              - id: d
                type: http
                settings: { endpoint: x, verb: GET }
                timeout: soon
                retry: { attempts: 21 }
                on_error: panic
              - id: d
                type: delay
                settings: { for: 1s }
            edges:
              - { from: d, to: nowhere }
              - { from: d, port: sideways, to: d }
            """);
        foreach (var expected in (string[])
        [
            "/format@1:9 format", "/name@1:1 required", "/trigger/type@2:18 trigger.unknown_type", "/surprise@3:11 unknown", "/nodes/0/id@5:9 node.id", "/nodes/1/type@9:11 node.unknown_type",
            "/nodes/3/settings/verb@17:36 unknown", "/nodes/3/settings/connector@17:15 required", "/nodes/3/timeout@18:14 duration", "/nodes/3/retry/attempts@19:24 range",
            "/nodes/3/on_error@20:15 choice", "/nodes/4/id@21:9 node.duplicate_id", "/edges/0/to@25:20 edge.unknown_node", "/edges/1/port@26:22 edge.port",
        ])
            Assert.Contains(expected, faults);
        Assert.Contains(faults, f => f.StartsWith("/nodes/2/settings/output@14:15 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task FX14_Every_fault_is_named_with_pointer_line_and_column_in_json()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var faults = await Faults(owner, """
            {
              "format": 1, "name": "N", "name": "M",
              "trigger": { "type": "api", "settings": { "path": "x" } },
              "nodes": [
                { "id": "a", "type": "condition", "settings": { "when": 7 }, "extra": true },
                { "id": "é", "type": "fail" }
              ],
              "edges": [ { "from": "a", "to": "a" } ]
            }
            """, "json");
        foreach (var expected in (string[])
        [
            "/name@2:29 duplicate", "/trigger/settings/path@3:53 unknown", "/nodes/0/settings/when@5:61 type", "/nodes/0/extra@5:75 unknown", "/nodes/1/id@6:13 node.id",
            "/nodes/1/settings/message@6:5 required", "/edges/0/port@8:14 edge.port",
        ])
            Assert.Contains(expected, faults);
        Assert.Equal(["@2:12 json.malformed"], await Faults(owner, "{\n  \"format\" 1\n}", "json"));
        Assert.StartsWith("@3:1 yaml.malformed", Assert.Single(await Faults(owner, "format: 1\nname: [\n")), StringComparison.Ordinal);
        Assert.Equal(["@1:1 document.empty"], await Faults(owner, ""));
        Assert.Equal(["@1:1 type"], await Faults(owner, "[]", "json"));
    }

    [Theory]
    [InlineData("nodes:\n  - { id: a, type: transform, settings: { output: &x 1 } }\n", "/nodes/0/settings/output@5:46 yaml.tag")]
    [InlineData("nodes:\n  - { id: a, type: transform, settings: { output: *x } }\n", "/nodes/0/settings/output@5:46 yaml.alias")]
    [InlineData("nodes:\n  - { id: a, type: transform, settings: { output: !!python/object 1 } }\n", "/nodes/0/settings/output@5:46 yaml.tag")]
    [InlineData("vars: { a: 1, a: 2 }\nnodes:\n  - { id: a, type: transform, settings: { output: 1 } }\n", "/vars/a@4:15 duplicate")]
    [InlineData("vars: { a: \"x\\0y\" }\nnodes:\n  - { id: a, type: transform, settings: { output: 1 } }\n", "/vars/a@4:12 characters")]
    [InlineData("nodes:\n  - { id: a, type: transform, settings: { output: 1 } }\n---\nformat: 1\n", "@6:1 yaml.several_documents")]
    public async Task Abuse04_What_yaml_can_hide_is_refused(string rest, string expected)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var faults = await Faults(owner, Start + rest);
        Assert.Contains(faults, f => f.StartsWith(expected.Split(' ')[0].Split('@')[0] + "@", StringComparison.Ordinal) && f.EndsWith(" " + expected.Split(' ')[1], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Abuse04_A_billion_laughs_are_answered_at_once()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var bomb = new StringBuilder(Start).Append("vars:\n  a0: &a0 lol\n");
        for (var i = 1; i < 30; i++)
            bomb.Append(CultureInfo.InvariantCulture, $"  a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        var watch = Stopwatch.StartNew();
        var faults = await Faults(owner, bomb.Append("nodes: []\n").ToString());
        Assert.Contains(faults, f => f.EndsWith("yaml.alias", StringComparison.Ordinal));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"It took {watch.Elapsed}.");
    }

    [Fact]
    public async Task Abuse04_Deep_large_and_endless_documents_are_refused()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        Assert.Equal(["yaml.malformed"], (await Faults(owner, $"{Start}vars: {{ a: {new string('[', 5000)}")).Select(f => f.Split(' ')[1]));
        Assert.Equal(["json.malformed"], (await Faults(owner, new string('[', 50_000), "json")).Select(f => f.Split(' ')[1]));

        var nodes = Enumerable.Range(0, 501).Select(i => $"  - {{ id: n{i}, type: transform, settings: {{ output: 1 }} }}\n");
        var tooMany = await Faults(owner, $"{Start}nodes:\n{string.Concat(nodes)}");
        Assert.Equal(["/nodes@5:3 nodes.too_many"], tooMany);
        await owner.Draft($"{Start}nodes:\n{string.Concat(nodes.Take(500))}").Success();

        var large = await owner.Draft(new string('#', 1_100_000));
        Assert.Equal((413, "body.too_large"), ((int)large.StatusCode, await large.Code()));
    }

    [Theory]
    [InlineData("{ type: hmac }")]
    [InlineData("{ type: none, credential: signer }")]
    public async Task FX14_A_webhook_names_a_credential_unless_it_asks_for_nothing(string auth)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var faults = await Faults(owner, Hooks.HookScene.Document("Hook", auth: auth));
        Assert.Contains(faults, f => f.StartsWith("/trigger/settings/auth/credential@", StringComparison.Ordinal) && f.EndsWith(" webhook.credential", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("graph.cycle", "/edges", "nodes:\n  - { id: a, type: transform, settings: { output: 1 } }\n  - { id: b, type: transform, settings: { output: 1 } }\nedges:\n  - { from: a, to: b }\n  - { from: b, to: a }\n")]
    [InlineData("graph.cycle", "/edges", "nodes:\n  - { id: a, type: transform, settings: { output: 1 } }\nedges:\n  - { from: a, to: a }\n")]
    [InlineData("expression.unknown_step", "/nodes/0/settings", "nodes:\n  - { id: a, type: transform, settings: { output: \"{{ steps.ghost }}\" } }\n")]
    [InlineData("expression.later_step", "/nodes/0/settings", "nodes:\n  - { id: a, type: transform, settings: { output: \"{{ steps.b }}\" } }\n  - { id: b, type: transform, settings: { output: 1 } }\nedges:\n  - { from: a, to: b }\n")]
    [InlineData("expression.later_step", "/nodes/0/settings", "nodes:\n  - { id: a, type: transform, settings: { output: \"{{ steps.a }}\" } }\n")]
    [InlineData("expression.dynamic_step", "/nodes/0/settings", "nodes:\n  - { id: a, type: transform, settings: { output: \"{{ steps[trigger.body.name] }}\" } }\n")]
    [InlineData("expression.unknown_name", "/nodes/0/settings", "nodes:\n  - { id: a, type: transform, settings: { output: \"{{ secrets.erp }}\" } }\n")]
    [InlineData("edge.duplicate", "/edges/1", "nodes:\n  - { id: a, type: transform, settings: { output: 1 } }\n  - { id: b, type: transform, settings: { output: 1 } }\nedges:\n  - { from: a, to: b }\n  - { from: a, to: b }\n")]
    [InlineData("delay.when", "/nodes/0/settings", "nodes:\n  - { id: a, type: delay, settings: { for: 1s, until: \"2030-01-01T00:00:00Z\" } }\n")]
    [InlineData("empty", "/nodes", "nodes: []\n")]
    public async Task FX14_A_graph_that_cannot_run_is_refused(string code, string pointer, string rest)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        Assert.Contains(await Faults(owner, Start + rest), f => f.StartsWith(pointer + "@", StringComparison.Ordinal) && f.EndsWith(" " + code, StringComparison.Ordinal));
    }

    [Fact]
    public async Task FX14_Validation_names_the_same_faults_and_saves_nothing()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var document = Start + "nodes:\n  - { id: a, type: http, settings: { connector: ghost, endpoint: get } }\n";
        var validation = await owner.Post("/workflows/validate", new { document, format = "yaml" }).Success();
        Assert.False(validation.GetProperty("valid").GetBoolean());
        var fault = Assert.Single(validation.GetProperty("errors").EnumerateArray());
        Assert.Equal(("/nodes/0/settings/connector", "connector.not_found", 5, 49), (fault.Text("pointer"), fault.Text("code"), fault.GetProperty("line").GetInt32(), fault.GetProperty("column").GetInt32()));
        Assert.Equal("N", validation.Text("name"));
        var broken = await owner.Post("/workflows/validate", new { document = "{", format = "json" }).Success();
        Assert.Equal(JsonValueKind.Null, broken.GetProperty("name").ValueKind);
        Assert.Empty((await owner.Get("/workflows").Success()).GetProperty("items").EnumerateArray());
    }
}
