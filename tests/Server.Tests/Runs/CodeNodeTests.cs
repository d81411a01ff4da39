using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Runs;

public sealed class CodeNodeTests
{
    private static string Document(string source, string more = "") => JsonSerializer.Serialize(new
    {
        format = 1,
        name = $"Computes {Guid.NewGuid():N}",
        trigger = new { type = "api" },
        nodes = new[] { JsonSerializer.Deserialize<JsonElement>($$$"""{ "id": "code", "type": "code", "settings": { "source": {{{JsonSerializer.Serialize(source)}}}, "input": "{{ trigger.body }}" }{{{more}}} }""") },
        output = "{{ steps.code }}",
    });

    private static async Task<JsonElement> Run(string source, object? input = null, string more = "") =>
        await (await (await Installation.Get()).NewOrganization()).RunOnce(Document(source, more), input ?? new { });

    [Fact]
    public async Task Code_computes_a_value_from_its_input()
    {
        var run = await Run("const total = input.lines.reduce((sum, line) => sum + line.amount, 0);\nreturn { total, large: total > 100 };", new { lines = new[] { new { amount = 70 }, new { amount = 50 } } });
        Assert.Equal("succeeded", run.Text("status"));
        Assert.Equal("""{"total":120,"large":true}""", run.GetProperty("output").GetRawText());
    }

    [Fact]
    public async Task Code_that_fails_fails_the_step_once_with_what_it_says()
    {
        var run = await Run("throw new TypeError('no ' + input.what);", new { what = "amount" });
        Assert.Equal(("failed", "code.threw", "The code failed: TypeError: no amount"), (run.Text("status"), run.GetProperty("error").Text("code"), run.GetProperty("error").Text("message")));
        Assert.Equal(1, run.Step("code").GetProperty("attempts").GetInt32());

        var hidden = await Run("throw new Error(input.what);", new { what = "4711-secret" }, """, "sensitive": ["/x"]""");
        Assert.Equal("The code failed: (sensitive)", hidden.GetProperty("error").Text("message"));
    }

    [Fact]
    public async Task Code_that_does_not_end_is_ended_at_the_time_of_its_node()
    {
        var run = await Run("for (;;) {}", more: """, "timeout": "300ms" """);
        Assert.Equal(("step.timeout", "The code ran longer than 0.3 s."), (run.GetProperty("error").Text("code"), run.GetProperty("error").Text("message")));
        Assert.Equal(1, run.Step("code").GetProperty("attempts").GetInt32());
    }

    [Theory]
    [InlineData("{{ trigger.body }}", "expression")]
    [InlineData("", "")]
    public async Task Abuse03_No_data_becomes_a_part_of_the_code(string source, string fault)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var refused = await owner.Post("/workflows/validate", new { document = Document(source), format = "json" });
        var answer = (await refused.Json()).GetRawText();
        Assert.Contains("/nodes/0/settings/source", answer, StringComparison.Ordinal);
        Assert.Contains(fault, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workflow_with_code_is_drafted_anywhere_and_published_only_where_code_runs()
    {
        foreach (var (setting, code) in (((string, string), string)[])[(("code:enabled", "false"), "code.disabled"), (("code:bubblewrap", "/nowhere/bwrap"), "code.no_sandbox")])
        {
            await using var installation = await TestInstallation.Start([("code:enabled", "true"), setting]);
            var owner = await installation.NewOrganization();
            var workflow = await owner.Post("/workflows", new { document = Document("return 1;"), format = "json" }).Success();
            var refused = await owner.Post($"/workflows/{workflow.Id()}/publish", null);
            var fault = Assert.Single((await refused.Json()).GetProperty("errors").EnumerateArray());
            Assert.Equal((422, "/nodes/0/type", code), ((int)refused.StatusCode, fault.Text("pointer"), fault.Text("code")));
        }
    }
}
