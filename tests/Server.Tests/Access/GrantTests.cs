using System.Net;
using System.Text.Json;
using Fluxgate.Testing;
using static Fluxgate.Server.Tests.Access.AccessSteps;

namespace Fluxgate.Server.Tests.Access;

public sealed class GrantTests
{
    [Fact]
    public async Task FX06_A_workflow_that_is_kept_to_some_is_not_there_for_others()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var (editor, other, viewer) = (await owner.NewMember(installation, "flow_editor"), await owner.NewMember(installation, "flow_editor"), await owner.NewMember(installation, "viewer"));
        var workflow = await owner.Publish(Document("payroll"));
        var run = await owner.FinishedRun(await owner.StartRun(workflow, 1));
        await owner.SetAccess($"/workflows/{workflow}", "selected", Grant(editor, "view", "edit"), Grant(viewer, "view"));

        Assert.Equal(["payroll"], await editor.Names("/workflows"));
        Assert.Equal(["payroll"], await viewer.Names("/workflows"));
        Assert.Empty(await other.Names("/workflows"));
        foreach (var path in (string[])[$"/workflows/{workflow}", $"/workflows/{workflow}/versions", $"/workflows/{workflow}/versions/1", $"/workflows/{workflow}/tests"])
        {
            await other.Get(path).Refuses(404, "workflow.not_found");
            await viewer.Get(path).Success();
        }
        await other.Get($"/runs/{run.Text("id")}").Refuses(404, "run.not_found");
        await other.Get($"/runs/{run.Text("id")}/journal").Refuses(404, "run.not_found");
        await other.Post($"/runs/{run.Text("id")}/cancel", null).Refuses(404, "run.not_found");
        Assert.Empty((await other.Get("/runs").Success()).GetProperty("items").EnumerateArray());
        await other.Get($"/kv/workflow:{workflow}").Refuses(404, "kv_scope.not_found");
        await other.Post($"/workflows/{workflow}/clone", new { name = "stolen" }).Refuses(404, "workflow.not_found");
        // What a retry or cancellation by filter finds is no more.
        Assert.Equal(0, (await other.Post("/runs/retry", new { }).Success()).GetProperty("matched").GetInt32());

        // Seeing is not starting or editing.
        await viewer.Get($"/runs/{run.Text("id")}").Success();
        await editor.Post($"/workflows/{workflow}/runs", new { input = 1 }, ("Idempotency-Key", "a")).Refuses(403, "access.missing");
        await viewer.Post($"/workflows/{workflow}/draft", null).Refuses(403, "permission.missing");
        await editor.Post($"/workflows/{workflow}/draft", null).Success();
    }

    [Fact]
    public async Task F805_A_workflow_inherits_from_its_folder_and_a_group_is_its_members()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var (inside, outside) = (await owner.NewMember(installation, "viewer"), await owner.NewMember(installation, "viewer"));
        var group = await owner.NewGroup("finance", inside);
        var folder = await owner.NewFolder("Finance");
        await owner.SetAccess($"/folders/{folder}", "selected", GroupGrant(group, "view"));
        var workflow = (await owner.Post("/workflows", new { document = Document("invoices"), format = "yaml", folder_id = folder }).Success()).Text("id");

        Assert.Equal(["invoices"], await inside.Names("/workflows"));
        Assert.Equal(["Finance"], await inside.Names("/folders"));
        Assert.Empty(await outside.Names("/workflows"));
        Assert.Empty(await outside.Names("/folders"));
        await outside.Get($"/workflows/{workflow}").Refuses(404, "workflow.not_found");
        await outside.Get($"/folders/{folder}").Refuses(404, "folder.not_found");

        await owner.Put($"/groups/{group}/members", new { user_ids = new[] { outside.UserId } }).Success();
        Assert.Empty(await inside.Names("/workflows"));
        Assert.Equal(["invoices"], await outside.Names("/workflows"));

        await owner.Put($"/workflows/{workflow}/folder", new { folder_id = (string?)null }).Success();
        Assert.Equal(["invoices"], await inside.Names("/workflows"));
    }

    [Fact]
    public async Task FX05_A_participant_runs_and_edits_what_is_granted_and_nothing_else()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var participant = await owner.NewMember(installation, "participant");
        var (granted, others) = (await owner.Publish(Document("granted")), await owner.Publish(Document("others")));
        Assert.Empty(await participant.Names("/workflows"));
        await participant.Get($"/workflows/{others}").Refuses(404, "workflow.not_found");

        // Everybody's workflow: the grant adds, and takes nothing from others.
        await owner.SetAccess($"/workflows/{granted}", "everyone", Grant(participant, "run", "edit"));
        Assert.Equal(["granted"], await participant.Names("/workflows"));
        await participant.Post($"/workflows/{granted}/runs", new { input = 1 }, ("Idempotency-Key", "p")).Success();
        var draft = await participant.Post($"/workflows/{granted}/draft", null);
        await participant.Put($"/workflows/{granted}/draft", new { document = Document("granted"), format = "yaml" }, ("If-Match", draft.Headers.ETag!.ToString())).Success();
        // Publishing is no part of editing.
        await participant.Post($"/workflows/{granted}/publish", null).Refuses(403, "permission.missing");
        await participant.Post($"/workflows/{others}/runs", new { input = 1 }, ("Idempotency-Key", "p")).Refuses(404, "workflow.not_found");
        await participant.Post("/workflows", new { document = Document("new"), format = "yaml" }).Refuses(403, "permission.missing");
    }

    [Fact]
    public async Task FX06_A_viewer_stays_one_whatever_is_granted()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var (viewer, reviewer) = (await owner.NewMember(installation, "viewer"), await owner.NewMember(installation, "reviewer"));
        var workflow = await owner.Publish(Document("shared"));
        await owner.SetAccess($"/workflows/{workflow}", "everyone", Grant(viewer, "view", "edit", "run"), Grant(reviewer, "view", "edit", "run"));
        await viewer.Post($"/workflows/{workflow}/runs", new { input = 1 }, ("Idempotency-Key", "v")).Refuses(403, "permission.missing");
        await viewer.Post($"/workflows/{workflow}/draft", null).Refuses(403, "permission.missing");
        await reviewer.Get($"/workflows/{workflow}").Refuses(403, "permission.missing");
        await reviewer.Get("/workflows").Refuses(403, "permission.missing");
    }

    [Fact]
    public async Task FX06_A_credential_is_used_without_being_seen_or_edited()
    {
        var installation = await Installation.Get();
        var stub = await Installation.Stub();
        var owner = await installation.NewOrganization();
        var (user, stranger) = (await owner.NewMember(installation, "integration_manager"), await owner.NewMember(installation, "integration_manager"));
        var host = $"{stub.Address.Host}:{stub.Address.Port}";
        var credential = (await owner.Post("/credentials", new { name = "bank", type = "bearer", allowed_hosts = new[] { host }, secret = new { token = "hidden" } }).Success()).Text("id");
        await owner.SetAccess($"/credentials/{credential}", "selected", Grant(user, "use"));

        foreach (var member in (TestMember[])[user, stranger])
            Assert.Empty(await member.Names("/credentials"));
        Assert.Equal(["bank"], await user.Names("/credentials/names"));
        Assert.Empty(await stranger.Names("/credentials/names"));
        await user.Get($"/credentials/{credential}").Refuses(403, "access.missing");
        await stranger.Get($"/credentials/{credential}").Refuses(404, "credential.not_found");
        await user.Put($"/credentials/{credential}/secret", new { secret = new { token = "mine" } }).Refuses(403, "access.missing");
        await user.Delete($"/credentials/{credential}").Refuses(403, "access.missing");

        object Connector(string name) => new { name, base_url = stub.Address.ToString().TrimEnd('/'), authentication = new { type = "bearer", credential = "bank" }, endpoints = new[] { new { name = "get", method = "GET", path = "/" } } };
        await user.Post("/connectors", Connector("mine")).Success();
        await stranger.Post("/connectors", Connector("theirs")).Refuses(422, "connector.credential_unknown");
    }

    [Fact]
    public async Task Abuse11_Who_publishes_may_use_all_that_the_workflow_names()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var editor = await owner.NewMember(installation, "flow_editor");
        var connector = (await owner.Post("/connectors", new { name = "bank", base_url = "https://example.test", authentication = new { type = "none" }, endpoints = new[] { new { name = "pay", method = "POST", path = "/pay" } } }).Success()).Text("id");
        var callee = await owner.Publish("format: 1\nname: callee\ntrigger: { type: workflow }\nnodes:\n  - { id: a, type: transform, settings: { output: 1 } }\n");
        var document = "format: 1\nname: caller\ntrigger: { type: api }\nnodes:\n  - { id: pay, type: http, settings: { connector: bank, endpoint: pay } }\n  - { id: call, type: workflow, settings: { workflow: callee } }\nedges:\n  - { from: pay, to: call }\n";
        var draft = (await editor.Draft(document).Success()).Text("id");
        async Task<JsonElement[]> Faults(TestMember member) =>
            [.. (await member.Post("/workflows/validate", new { document, format = "yaml" }).Success()).GetProperty("errors").EnumerateArray()];
        Assert.Empty(await Faults(editor));

        await owner.SetAccess($"/connectors/{connector}", "selected");
        await owner.SetAccess($"/workflows/{callee}", "selected", Grant(editor, "view"));
        Assert.Equal(["/nodes/0/settings/connector connector.not_found", "/nodes/1/settings/workflow workflow.not_found"], (await Faults(editor)).Select(f => $"{f.Text("pointer")} {f.Text("code")}").Order());
        await editor.Post($"/workflows/{draft}/publish", null).Refuses(422, "workflow.invalid");
        // Which endpoints the connector has is not told, and every other fault stays, for a draft too.
        await owner.Post("/connectors", new { name = "open", base_url = "https://example.test", authentication = new { type = "none" }, endpoints = new[] { new { name = "get", method = "GET", path = "/" } } }).Success();
        const string faulty = "format: 1\nname: faulty\nerror_workflow: callee\ntrigger: { type: api }\nnodes:\n  - { id: kept, type: http, settings: { connector: bank, endpoint: other } }\n  - { id: open, type: http, settings: { connector: open, endpoint: other } }\n";
        var told = (await (await editor.Draft(faulty)).Json()).GetProperty("errors").EnumerateArray().Select(f => $"{f.Text("pointer")} {f.Text("code")}");
        Assert.Equal(["/nodes/1/settings/endpoint http.unknown_endpoint"], told);

        await owner.SetAccess($"/connectors/{connector}", "selected", Grant(editor, "use"));
        await owner.SetAccess($"/workflows/{callee}", "selected", Grant(editor, "run"));
        Assert.Empty(await Faults(editor));
        await editor.Post($"/workflows/{draft}/publish", null).Success();
    }

    [Fact]
    public async Task F805_A_key_reaches_what_is_kept_to_some_only_by_a_grant()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var workflow = await owner.Publish(Document("kept"));
        var (key, all) = (await owner.NewKey("workflows:read", "runs:start"), await owner.NewKey("workflows:read", "resources:all"));
        await owner.SetAccess($"/workflows/{workflow}", "selected");
        await installation.KeyClient(key).Get($"/v1/workflows/{workflow}").Refuses(404, "workflow.not_found");
        await installation.KeyClient(all).Get($"/v1/workflows/{workflow}").Success();
        await owner.SetAccess($"/workflows/{workflow}", "selected", KeyGrant(key, "run"));
        await installation.KeyClient(key).Post($"/v1/workflows/{workflow}/runs", new { input = 1 }, ("Idempotency-Key", "k")).Success();
        await installation.KeyClient(key).Get($"/v1/workflows/{workflow}").Refuses(403, "access.missing");
    }

    [Fact]
    public async Task Abuse11_Nobody_gives_a_right_that_they_lack()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var member = await owner.NewMember(installation, "viewer");
        await owner.Post("/roles", new { name = "sharer", permissions = new[] { "workflows:read", "workflows:write", "grants:read", "grants:write" } }).Success();
        var sharer = await owner.NewMember(installation, "sharer");
        var workflow = await owner.Publish(Document("shared"));
        var etag = (await sharer.Get($"/workflows/{workflow}/access")).Headers.ETag!.ToString();
        Task<HttpResponseMessage> Share(string mode, params object[] grants) => sharer.Put($"/workflows/{workflow}/access", new { mode, grants }, ("If-Match", etag));

        await Share("everyone", Grant(member, "run")).Refuses(403, "access.beyond_own");
        await Share("everyone", new { subject = new { kind = "member", id = Guid.NewGuid() }, rights = new[] { "view" } }).Refuses(422, "access.unknown_subject");
        await Share("everyone", Grant(member, "use")).Refuses(400, "request.invalid");
        await Share("everyone", Grant(member, "view"), Grant(member, "edit")).Refuses(400, "request.invalid");
        // What others gave beyond one's own may stay.
        await owner.SetAccess($"/workflows/{workflow}", "everyone", Grant(member, "run"));
        await Share("selected", Grant(member, "run")).Refuses(412, "resource.stale");
        etag = (await sharer.Get($"/workflows/{workflow}/access")).Headers.ETag!.ToString();
        await Share("selected", Grant(member, "run", "view"), Grant(sharer, "edit")).Success();
        var changed = (await installation.Audited(owner.Organization, "workflow.access_changed"))[0];
        Assert.Equal(("everyone", "selected"), (changed.GetProperty("before").Text("mode"), changed.GetProperty("after").Text("mode")));
        Assert.Equal(sharer.UserId, changed.GetProperty("actor").Id());
    }

    [Fact]
    public async Task F805_Why_somebody_reaches_something_is_explained()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var (member, stranger) = (await owner.NewMember(installation, "viewer"), await owner.NewMember(installation, "reviewer"));
        var group = await owner.NewGroup("finance", member);
        await owner.Put($"/groups/{group}/roles", new { roles = new[] { "flow_executor" } }).Success();
        var folder = await owner.NewFolder("Finance");
        var workflow = (await owner.Post("/workflows", new { document = Document("invoices"), format = "yaml", folder_id = folder }).Success()).Text("id");

        async Task<string[]> Why(TestMember of) =>
        [
            .. (await owner.Get($"/workflows/{workflow}/access?member={of.UserId}").Success()).GetProperty("explanation").GetProperty("rights").EnumerateArray()
                .Select(r => $"{r.Text("right")} {(r.GetProperty("allowed").GetBoolean() ? "by" : "not:")} {r.Text("reason")} {string.Join(", ", r.GetProperty("sources").EnumerateArray().Select(s => s.GetString()))}".TrimEnd()),
        ];
        Assert.Equal(["view by role role viewer, role flow_executor", "edit not: no_permission", "run by role role flow_executor"], await Why(member));
        Assert.Equal(["view not: no_permission", "edit not: no_permission", "run not: no_permission"], await Why(stranger));

        await owner.SetAccess($"/folders/{folder}", "selected", GroupGrant(group, "view"));
        Assert.Equal(["view by grant grant to the group finance on the folder Finance", "edit not: no_permission", "run not: restricted"], await Why(member));
        Assert.Equal(["view by all_resources role owner", "edit by all_resources role owner", "run by all_resources role owner"], await Why(owner));

        var reach = (await owner.Get($"/workflows/{workflow}/access/reach").Success()).GetProperty("items").EnumerateArray().Select(s => s.Text("name")).ToArray();
        Assert.Equal(new[] { owner.Email, member.Email }.Order(), reach.Order());
        Assert.Equal(HttpStatusCode.Forbidden, (await member.Get($"/workflows/{workflow}/access")).StatusCode);
    }

    [Fact]
    public async Task F805_A_folder_with_workflows_stays_and_leaving_one_that_keeps_them_takes_the_right_to_grant()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var editor = await owner.NewMember(installation, "flow_editor");
        var (open, kept) = (await editor.NewFolder("Open"), await owner.NewFolder("Kept"));
        await editor.Post("/folders", new { name = "open" }).Refuses(409, "folder.name_taken");
        var workflow = (await editor.Post("/workflows", new { document = Document("moving"), format = "yaml", folder_id = open }).Success()).Text("id");
        await editor.Delete($"/folders/{open}").Refuses(409, "folder.not_empty");
        Assert.Equal(["moving"], await editor.Names($"/workflows?folder_id={open}"));

        await owner.SetAccess($"/folders/{kept}", "selected", Grant(editor, "edit"));
        await editor.Put($"/workflows/{workflow}/folder", new { folder_id = kept }).Refuses(403, "folder.changes_access");
        await owner.Put($"/workflows/{workflow}/folder", new { folder_id = kept }).Success();
        await editor.Put($"/workflows/{workflow}/folder", new { folder_id = open }).Refuses(403, "folder.changes_access");
        await editor.Put($"/workflows/{workflow}/folder", new { folder_id = Guid.NewGuid() }).Refuses(404, "folder.not_found");

        var etag = (await editor.Get($"/folders/{open}")).Headers.ETag!.ToString();
        await editor.Put($"/folders/{open}", new { name = "Opened" }, ("If-Match", etag)).Success();
        await editor.Put($"/folders/{open}", new { name = "Again" }, ("If-Match", etag)).Refuses(412, "resource.stale");
        await editor.Delete($"/folders/{open}").Success();
        await editor.Get($"/folders/{open}").Refuses(404, "folder.not_found");
    }

    [Fact]
    public async Task FX06_Approvers_of_a_workflow_that_is_kept_to_others_see_their_reviews_alone()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var (approver, watcher) = (await owner.NewMember(installation, "reviewer"), await owner.NewMember(installation, "viewer", "reviewer"));
        var workflow = await owner.Publish($"format: 1\nname: asks\ntrigger: {{ type: api }}\nnodes:\n  - {{ id: ask, type: review, settings: {{ title: Pay?, content: 1, approvers: {{ members: ['{approver.Email}'] }} }} }}\n");
        var run = await owner.StartRun(workflow, 1);
        var review = (await owner.RunIn(run, "waiting")).Step("ask").Text("review_id");
        await watcher.Get($"/reviews/{review}").Success();

        await owner.SetAccess($"/workflows/{workflow}", "selected");
        await watcher.Get($"/reviews/{review}").Refuses(404, "review.not_found");
        Assert.Empty((await watcher.Get("/reviews").Success()).GetProperty("items").EnumerateArray());
        var asked = await approver.Get($"/reviews/{review}").Success();
        await approver.Post($"/reviews/{review}/decisions", new { decision = "approve", content_sha256 = asked.Text("content_sha256") }).Success();
        await owner.RunIn(run, "succeeded");
    }
}
