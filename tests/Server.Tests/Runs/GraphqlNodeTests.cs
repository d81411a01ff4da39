using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Runs;

public sealed class GraphqlNodeTests
{
    private const string Query = "query Invoice($id: ID!) { invoice(id: $id) { total } }";

    private static string Document(string connector, string settings = "", string more = "", string query = Query) => $$$"""
        format: 1
        name: Asks {{{Guid.NewGuid():N}}}
        trigger: { type: api }
        nodes:
          - { id: ask, type: graphql, settings: { connector: {{{connector}}}, endpoint: call, query: "{{{query}}}", variables: { id: "{{ trigger.body }}" }{{{settings}}} }{{{more}}} }
        """;

    private static async Task<(JsonElement Run, StubPath Path)> Run(string settings, string more, params StubAnswer[] answers)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var path = (await Installation.Stub()).NewPath(answers);
        return (await owner.RunOnce(Document(await owner.Connect(path), settings, more), "4711\"}"), path);
    }

    [Fact]
    public async Task Data_enters_an_operation_by_its_variables_and_the_answers_data_is_the_output()
    {
        var (run, path) = await Run(", operation_name: Invoice, headers: { X-Own: mine }", "", new StubAnswer(200, """{"data":{"invoice":{"total":7}},"extensions":{}}"""));
        Assert.Equal("""{"data":{"invoice":{"total":7}},"errors":[]}""", run.Step("ask").GetProperty("output").GetRawText());
        var request = Assert.Single(path.Requests);
        using var sent = JsonDocument.Parse(request.Body);
        Assert.Equal((Query, "4711\"}", "Invoice"), (sent.RootElement.Text("query"), sent.RootElement.GetProperty("variables").Text("id"), sent.RootElement.Text("operationName")));
        Assert.Equal(("POST", "mine", "", $"{run.Text("id")}.ask"), (request.Method, request.Headers["X-Own"], request.Query, request.Headers["Idempotency-Key"]));
    }

    [Fact]
    public async Task Errors_in_the_answer_fail_the_step_unless_a_part_is_enough()
    {
        var partly = new StubAnswer(200, """{"data":{"invoice":null},"errors":[{"message":"not yours"},{"message":"nor that"}]}""");
        var (run, _) = await Run("", "", partly);
        Assert.Equal(("graphql.errors", "The service answered with errors: not yours; nor that"), (run.GetProperty("error").Text("code"), run.GetProperty("error").Text("message")));
        var (enough, _) = await Run(", allow_partial: true", "", partly);
        Assert.Equal(("succeeded", 2), (enough.Text("status"), enough.Step("ask").GetProperty("output").GetProperty("errors").GetArrayLength()));
        var (none, _) = await Run(", allow_partial: true", "", new StubAnswer(200, """{"data":null,"errors":[{"message":"all wrong"}]}"""));
        Assert.Equal("graphql.errors", none.GetProperty("error").Text("code"));
        var (hidden, _) = await Run("", ", sensitive: [/data]", partly);
        Assert.DoesNotContain("not yours", hidden.GetRawText(), StringComparison.Ordinal);
        foreach (var other in (string[])["""{"ok":true}""", "[]", "\"text\""])
            Assert.Equal("graphql.answer", (await Run("", "", new StubAnswer(200, other))).Run.GetProperty("error").Text("code"));
    }

    [Fact]
    public async Task FK07_A_failure_that_may_pass_is_tried_again_as_with_http()
    {
        var (run, path) = await Run("", ", retry: { attempts: 3, initial: 10ms }", new StubAnswer(503), new StubAnswer(200, """{"data":{}}"""));
        Assert.Equal(("succeeded", 2), (run.Text("status"), path.Requests.Count));
    }

    [Fact]
    public async Task Abuse03_No_data_becomes_a_part_of_the_operation_and_the_endpoint_is_a_post()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var path = (await Installation.Stub()).NewPath();
        var connector = await owner.Connect(path);
        async Task<string[]> Faults(string document) => [.. (await (await owner.Draft(document)).Json()).GetProperty("errors").EnumerateArray().Select(e => e.Text("code"))];
        Assert.Equal(["type"], await Faults(Document(connector, query: "query { invoice(id: {{ trigger.body }}) { total } }")));
        Assert.Equal(["type"], await Faults(Document(connector, ", allow_partial: \"{{ true }}\"")));
        Assert.Equal(["connector.not_found"], await Refusals(owner, Document("nowhere")));
        await owner.Post("/connectors", new
        {
            name = "reads", base_url = path.Address, authentication = new { type = "none" }, endpoints = new[] { new { name = "call", method = "GET", path = "/call" } },
        }).Success();
        Assert.Equal(["graphql.method"], await Faults(Document("reads")));
    }

    private static async Task<string[]> Refusals(TestMember owner, string document)
    {
        var draft = await owner.Draft(document).Success();
        return [.. (await (await owner.Post($"/workflows/{draft.Id()}/publish", null)).Json()).GetProperty("errors").EnumerateArray().Select(e => e.Text("code"))];
    }
}
