using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Runs;

/// <summary>Abuse 14: what a workflow calls sensitive is shown nowhere but to who may reveal it, and that is audited with a reason.</summary>
public sealed class SensitiveDataTests
{
    private const string Number = "4111-2222-3333";

    /// <summary>Takes a card from its trigger, hands parts of it on in every way, and fails with it in its words.</summary>
    private static string Fails(string card = "sensitive: [/number, /pin], ", string trigger = "", string more = "") => $$$"""
        format: 1
        name: Cards
        trigger: { type: api{{{trigger}}} }
        {{{more}}}
        nodes:
          - { id: card, type: transform, {{{card}}}settings: { output: { number: "{{ trigger.body.number }}", pin: "{{ trigger.body.pin }}", holder: "{{ trigger.body.holder }}" } } }
          - { id: again, type: transform, settings: { output: { text: "pay with {{ steps.card.number }} now", list: ["{{ steps.card.number }}", "{{ steps.card.pin }}", "{{ string(steps.card.pin) + '!' }}"], names: "{{ {steps.card.number: 1} }}" } } }
          - { id: told, type: fail, settings: { message: "{{ steps.card.number }} of {{ steps.card.holder }} was refused" } }
        edges: [{ from: card, to: again }, { from: again, to: told }]
        """;

    private static readonly object Input = new { number = Number, pin = 918273, holder = "Hildegard" };

    private static void ShowsNothing(string text)
    {
        Assert.DoesNotContain(Number, text, StringComparison.Ordinal);
        Assert.DoesNotContain("918273", text, StringComparison.Ordinal);
        Assert.Contains("Hildegard", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Abuse14_A_sensitive_value_is_hidden_wherever_its_run_shows_it_again()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var run = await owner.RunOnce(Fails(), Input);
        ShowsNothing(run.GetRawText());
        Assert.Equal("""{"number":"[sensitive]","pin":"[sensitive]","holder":"Hildegard"}""", run.Step("card").GetProperty("output").GetRawText());
        Assert.Equal("""{"text":"pay with [sensitive] now","list":["[sensitive]","[sensitive]","[sensitive]!"],"names":{"[sensitive]":1}}""", run.Step("again").GetProperty("output").GetRawText());
        Assert.Equal("[sensitive] of Hildegard was refused", run.GetProperty("error").Text("message"));
        Assert.Equal("[sensitive]", run.GetProperty("trigger").GetProperty("body").Text("number"));
        Assert.All((string[])["card", "again", "told"], node => Assert.True(run.Step(node).GetProperty("redacted").GetBoolean()));
        Assert.True(run.GetProperty("redacted").GetBoolean());

        ShowsNothing((await owner.Get($"/runs/{run.Text("id")}/journal").Success()).GetRawText());
        await using var stream = await LiveStream.Open(owner, run.Text("id"));
        ShowsNothing(string.Join('\n', (await stream.Rest()).Select(e => e.Data)));
        Assert.DoesNotContain(Number, (await owner.Get("/audit-events?limit=200").Success()).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Abuse14_What_a_trigger_calls_sensitive_is_hidden_as_well_and_nothing_without_a_mark()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        ShowsNothing((await owner.RunOnce(Fails(card: "", trigger: ", sensitive: [/body/number, /body/pin]"), Input)).GetRawText());
        var open = await owner.RunOnce(Fails(card: "").Replace("name: Cards", "name: Open", StringComparison.Ordinal), Input);
        Assert.Contains(Number, open.GetRawText(), StringComparison.Ordinal);
        Assert.False(open.GetProperty("redacted").GetBoolean() || open.Step("again").GetProperty("redacted").GetBoolean());
    }

    [Fact]
    public async Task Abuse14_It_is_hidden_in_runs_that_were_given_it()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        await owner.Publish("""
            format: 1
            name: Told
            trigger: { type: workflow }
            nodes: [{ id: kept, type: transform, settings: { output: "{{ trigger.input }}" } }]
            output: "{{ trigger.input }}"
            """);
        var failed = await owner.RunOnce(Fails(more: "error_workflow: Told"), Input);
        var handler = default(JsonElement);
        await Condition.Holds(async () =>
        {
            handler = (await owner.Get($"/runs?parent_run_id={failed.Text("id")}&status=succeeded").Success()).GetProperty("items").EnumerateArray().SingleOrDefault();
            return handler.ValueKind == JsonValueKind.Object;
        }, "the error workflow has run");
        ShowsNothing((await owner.Get($"/runs/{handler.Text("id")}").Success()).GetRawText());

        // Whoever edits a workflow does not unmark what a run has hidden by taking that up with another version.
        var workflow = failed.Text("workflow_id");
        var draft = await owner.Post($"/workflows/{workflow}/draft", null).Success();
        await owner.Put($"/workflows/{workflow}/draft", new { document = Fails(card: "", more: "error_workflow: Told"), format = "yaml" }, ("If-Match", $"\"{draft.GetProperty("revision").GetInt32()}\"")).Success();
        await owner.Post($"/workflows/{workflow}/publish", null).Success();
        var retried = await owner.Post($"/runs/{failed.Text("id")}/retry", new { version = "latest" }, ("Idempotency-Key", "k")).Success();
        ShowsNothing((await owner.FinishedRun(retried.Text("run_id"))).GetRawText());
    }

    [Fact]
    public async Task A_short_value_is_hidden_in_its_place_alone_and_an_empty_pointer_means_all()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var run = await owner.RunOnce("""
            format: 1
            name: Short
            trigger: { type: api }
            nodes:
              - { id: code, type: transform, sensitive: [/cvc], settings: { output: { cvc: "123" } } }
              - { id: whole, type: transform, sensitive: [""], settings: { output: { a: "all-of-it", b: ["and-this"] } } }
              - { id: after, type: transform, settings: { output: ["{{ steps.code.cvc }}", "{{ steps.whole.b[0] }}", "{{ steps.whole.a }}"] } }
            edges: [{ from: code, to: whole }, { from: whole, to: after }]
            """);
        Assert.Equal("""{"cvc":"[sensitive]"}""", run.Step("code").GetProperty("output").GetRawText());
        Assert.Equal("\"[sensitive]\"", run.Step("whole").GetProperty("output").GetRawText());
        Assert.Equal("""["123","[sensitive]","[sensitive]"]""", run.Step("after").GetProperty("output").GetRawText());
    }

    [Fact]
    public async Task Abuse14_Revealing_shows_what_is_hidden_and_is_audited_with_its_reason()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var run = (await owner.RunOnce(Fails(), Input)).Text("id");
        var step = await owner.Post($"/runs/{run}/reveal", new { node = "again", reason = "The bank asks for it" }).Success();
        Assert.Equal($"pay with {Number} now", step.GetProperty("output").Text("text"));
        Assert.Equal(JsonValueKind.Null, step.GetProperty("trigger").ValueKind);
        var whole = await owner.Post($"/runs/{run}/reveal", new { reason = "The bank asks for more" });
        Assert.Contains("no-store", whole.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Equal((Number, $"{Number} of Hildegard was refused"), ((await whole.Json()).GetProperty("trigger").GetProperty("body").Text("number"), (await whole.Json()).GetProperty("error").Text("message")));
        var audited = await installation.Audited(owner.Organization, "run.revealed");
        Assert.Equal([(null, "The bank asks for more"), ("again", "The bank asks for it")], audited.Select(e => (e.GetProperty("details").GetProperty("node").GetString(), e.GetProperty("details").Text("reason"))));
        Assert.All(audited, e => Assert.DoesNotContain(Number, e.GetRawText(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Abuse14_Nobody_reveals_without_the_permission_a_reason_or_the_organization()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var run = (await owner.RunOnce(Fails(), Input)).Text("id");
        var editor = await owner.NewMember(installation, "flow_editor");
        await editor.Post($"/runs/{run}/reveal", new { reason = "Curious" }).Refuses(403, "permission.missing");
        var reading = installation.KeyClient(await owner.NewKey("runs:read"));
        await reading.Post($"/v1/orgs/{owner.Slug}/runs/{run}/reveal", new { reason = "Curious" }).Refuses(403, "permission.missing");
        await owner.Post($"/runs/{run}/reveal", new { reason = "" }).Refuses(400, "request.invalid");
        await owner.Post($"/runs/{run}/reveal", new { reason = new string('x', 501) }).Refuses(400, "request.invalid");
        await owner.Post($"/runs/{run}/reveal", new { node = "absent", reason = "Typo" }).Refuses(404, "step.not_found");
        await (await installation.NewOrganization()).Post($"/runs/{run}/reveal", new { reason = "Curious" }).Refuses(404, "run.not_found");
        Assert.Empty(await installation.Audited(owner.Organization, "run.revealed"));
    }
}
