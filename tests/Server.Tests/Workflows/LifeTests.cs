using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Workflows;

public sealed class LifeTests
{
    private static string Document(string name = "Life", int output = 1, string trigger = "{ type: api }") => $$$"""
        format: 1
        name: {{{name}}}
        trigger: {{{trigger}}}
        nodes:
          - { id: a, type: transform, settings: { output: {{{output}}} } }
        output: "{{ steps.a }}"
        """;

    private static Task<HttpResponseMessage> Save(TestMember member, JsonElement workflow, string document, int? revision = null) =>
        member.Put($"/workflows/{workflow.Id()}/draft", new { document, format = "yaml" }, ("If-Match", $"\"{revision ?? workflow.GetProperty("revision").GetInt32()}\""));

    [Fact]
    public async Task FK11_A_workflow_goes_from_draft_to_published_paused_and_archived()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var draft = await owner.Draft(Document()).Success();
        var path = $"/workflows/{draft.Id()}";
        await Refused(owner, draft.Id(), "workflow.not_published");
        await owner.Post($"{path}/pause", null).Refuses(409, "workflow.wrong_state");

        var published = await owner.Post($"{path}/publish", null).Success();
        Assert.Equal(("published", 1, false), (published.Text("state"), published.GetProperty("published_version").GetInt32(), published.GetProperty("has_draft").GetBoolean()));
        await owner.Post($"{path}/publish", null).Refuses(409, "workflow.nothing_to_publish");
        await owner.StartRun(draft.Text("id"));

        Assert.Equal("paused", (await owner.Post($"{path}/pause", null).Success()).Text("state"));
        await Refused(owner, draft.Id(), "workflow.not_published");
        Assert.Equal("published", (await owner.Post($"{path}/resume", null).Success()).Text("state"));
        await owner.StartRun(draft.Text("id"));

        Assert.Equal("archived", (await owner.Post($"{path}/archive", null).Success()).Text("state"));
        await Refused(owner, draft.Id(), "workflow.not_published");
        foreach (var verb in (string[])["pause", "resume", "publish", "archive", "draft"])
            await owner.Post($"{path}/{verb}", null).Refuses(409, "workflow.wrong_state");
        Assert.Empty((await owner.Get("/workflows").Success()).GetProperty("items").EnumerateArray());
        // An archived name is free again.
        await owner.Draft(Document()).Success();
    }

    [Fact]
    public async Task FK11_Only_a_draft_is_edited_and_the_published_version_runs_on_meanwhile()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var draft = await owner.Draft(Document()).Success();
        var path = $"/workflows/{draft.Id()}";
        var published = await owner.Post($"{path}/publish", null).Success();
        await Save(owner, published, Document(output: 2)).Refuses(409, "workflow.not_a_draft");

        var opened = await owner.Post($"{path}/draft", null).Success();
        await owner.Post($"{path}/draft", null).Refuses(409, "workflow.has_draft");
        await Save(owner, opened, Document(output: 2)).Success();
        Assert.Equal(1, (await owner.FinishedRun(await owner.StartRun(draft.Text("id")))).GetProperty("output").GetInt32());
        await owner.Post($"{path}/publish", null).Success();
        Assert.Equal(2, (await owner.FinishedRun(await owner.StartRun(draft.Text("id")))).GetProperty("output").GetInt32());

        var versions = (await owner.Get($"{path}/versions").Success()).GetProperty("items").EnumerateArray().Select(v => v.GetProperty("version").GetInt32());
        Assert.Equal([2, 1], versions);
        Assert.Equal(Document(), (await owner.Get($"{path}/versions/1").Success()).Text("document"));
        await owner.Get($"{path}/versions/3").Refuses(404, "workflow_version.not_found");
    }

    [Fact]
    public async Task FK11_An_archived_draft_is_not_edited()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var draft = await owner.Draft(Document()).Success();
        var archived = await owner.Post($"/workflows/{draft.Id()}/archive", null).Success();
        await Save(owner, archived, Document(output: 2)).Refuses(409, "workflow.wrong_state");
    }

    [Fact]
    public async Task FK11_An_edit_names_the_revision_that_it_was_made_from()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var draft = await owner.Draft(Document()).Success();
        var path = $"/workflows/{draft.Id()}/draft";
        await owner.Put(path, new { document = Document(output: 2), format = "yaml" }).Refuses(428, "precondition.missing");
        await owner.Put(path, new { document = Document(output: 2), format = "yaml" }, ("If-Match", "*")).Refuses(412, "resource.stale");
        Assert.Equal("\"2\"", (await Save(owner, draft, Document(output: 2))).Headers.ETag!.Tag);
        await Save(owner, draft, Document(output: 3)).Refuses(412, "workflow.stale");
        Assert.Equal(Document(output: 2), (await owner.Get($"/workflows/{draft.Id()}").Success()).Text("document"));
    }

    [Fact]
    public async Task FX14_A_refused_edit_leaves_the_draft_as_it_was()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var draft = await owner.Draft(Document()).Success();
        await Save(owner, draft, "format: 1\nname: Other\n").Refuses(422, "workflow.invalid");
        var read = await owner.Get($"/workflows/{draft.Id()}").Success();
        Assert.Equal((Document(), "Life", 1), (read.Text("document"), read.Text("name"), read.GetProperty("revision").GetInt32()));
    }

    [Fact]
    public async Task FK11_Names_are_taken_without_regard_to_case()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var first = await owner.Draft(Document("First")).Success();
        var second = await owner.Draft(Document("Second")).Success();
        await owner.Draft(Document("FIRST")).Refuses(409, "workflow.name_taken");
        await Save(owner, second, Document("first")).Refuses(409, "workflow.name_taken");
        await owner.Post($"/workflows/{second.Id()}/clone", new { name = "First" }).Refuses(409, "workflow.name_taken");
        await Save(owner, first, Document("FIRST")).Success();
    }

    [Fact]
    public async Task FK11_A_clone_is_a_draft_of_its_own()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var original = await owner.Publish(Document());
        var clone = await owner.Post($"/workflows/{original}/clone", new { name = "Copy" }).Success();
        Assert.Equal(("draft", "Copy", "json"), (clone.Text("state"), clone.Text("name"), clone.Text("format")));
        await owner.Post($"/workflows/{clone.Id()}/publish", null).Success();
        Assert.Equal(1, (await owner.FinishedRun(await owner.StartRun(clone.Text("id")))).GetProperty("output").GetInt32());
    }

    [Fact]
    public async Task FK11_The_life_of_a_workflow_is_in_the_audit_log()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var id = await owner.Publish(Document());
        foreach (var verb in (string[])["pause", "resume", "draft", "archive"])
            await owner.Post($"/workflows/{id}/{verb}", null).Success();
        foreach (var type in (string[])["created", "published", "paused", "resumed", "draft_opened", "archived"])
            Assert.Single(await installation.Audited(owner.Organization, $"workflow.{type}"));
    }

    [Fact]
    public async Task Abuse11_Rights_are_those_of_the_operation()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var id = await owner.Publish(Document());
        var executor = await owner.NewMember(installation, "flow_executor");
        await executor.StartRun(id);
        await executor.Draft(Document("Mine")).Refuses(403, "permission.missing");
        foreach (var verb in (string[])["publish", "pause", "archive", "draft"])
            await executor.Post($"/workflows/{id}/{verb}", null).Refuses(403, "permission.missing");
        var viewer = await owner.NewMember(installation, "viewer");
        await Refused(viewer, Guid.Parse(id), "permission.missing", 403);
    }

    private static Task Refused(TestMember member, Guid workflow, string code, int status = 409) =>
        member.Post($"/workflows/{workflow}/runs", new { input = 1 }, ("Idempotency-Key", "k")).Refuses(status, code);
}
