using System.Security.Cryptography;
using System.Text;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Reviews;

public sealed class ReviewTests
{
    [Fact]
    public async Task FX11_A_run_waits_for_an_approval_and_goes_on_with_it()
    {
        var scene = await ReviewScene.New();
        var shown = await scene.Owner.Get($"/reviews/{scene.Review}").Success();
        Assert.Equal(("Pay Acme?", "pending", true), (shown.Text("title"), shown.Text("state"), shown.GetProperty("may_decide").GetBoolean()));
        // The hash is what anybody computes from what is shown: canonical JSON of content and title.
        var canonical = """{"content":{"amount":7,"vendor":"Acme"},"title":"Pay Acme?"}""";
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))), scene.ContentHash);

        var decided = await scene.Decide(scene.Owner).Success();
        Assert.Equal(("approved", scene.Owner.Email), (decided.Text("state"), decided.Text("decided_by")));
        var run = await scene.Finished();
        Assert.Equal(("succeeded", scene.Owner.Email, "skipped"), (run.Text("status"), run.Step("paid").Text("output"), run.Step("refused").Text("status")));
        var audited = Assert.Single(await scene.Installation.Audited(scene.Owner.Organization, "review.approved"));
        Assert.Equal(scene.ContentHash, audited.GetProperty("details").Text("content_sha256"));
    }

    [Fact]
    public async Task FX11_A_rejection_takes_its_own_branch_with_its_comment()
    {
        var scene = await ReviewScene.New();
        var decided = await scene.Decide(scene.Owner, "reject", comment: "Too dear.").Success();
        Assert.Equal(("rejected", "Too dear."), (decided.Text("state"), decided.Text("comment")));
        var run = await scene.Finished();
        Assert.Equal(("Too dear.", "skipped"), (run.Step("refused").Text("output"), run.Step("paid").Text("status")));
    }

    [Fact]
    public async Task Abuse09_A_decision_about_another_content_is_refused()
    {
        var scene = await ReviewScene.New();
        foreach (var hash in (string[])["", new string('0', 64), (await ReviewScene.New()).ContentHash[..63], scene.ContentHash[1..] + scene.ContentHash[0]])
            await scene.Decide(scene.Owner, hash: hash).Refuses(409, "review.other_content");
        await scene.Owner.Post($"/reviews/{scene.Review}/decisions", new { decision = "approve" }).Refuses(400, "body.malformed");
        Assert.Equal("pending", (await scene.Owner.Get($"/reviews/{scene.Review}").Success()).Text("state"));
    }

    [Fact]
    public async Task Abuse09_Of_decisions_at_once_exactly_one_counts()
    {
        var scene = await ReviewScene.New();
        var admin = await scene.Owner.NewMember(scene.Installation, "admin");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => scene.Decide(i % 2 == 0 ? scene.Owner : admin, i % 2 == 0 ? "approve" : "reject")));
        var won = Assert.Single(answers, a => a.IsSuccessStatusCode);
        foreach (var lost in answers.Where(a => a != won))
            Assert.Equal("review.decided", await lost.Code());
        var state = (await won.Json()).Text("state");
        var run = await scene.Finished();
        Assert.Equal(state, run.Step("ask").Text("port"));
        Assert.Equal(1, (await scene.Installation.Audited(scene.Owner.Organization, "review.approved")).Length + (await scene.Installation.Audited(scene.Owner.Organization, "review.rejected")).Length);
    }

    [Fact]
    public async Task Abuse09_A_review_of_a_run_that_ended_is_not_decided()
    {
        var scene = await ReviewScene.New();
        await scene.Owner.Post($"/runs/{scene.Run}/cancel", null).Success();
        await scene.Finished();
        await scene.Decide(scene.Owner).Refuses(409, "review.decided");
        Assert.Equal("cancelled", (await scene.Owner.Get($"/reviews/{scene.Review}").Success()).Text("state"));
    }

    [Fact]
    public async Task Abuse09_Looking_does_not_decide()
    {
        var scene = await ReviewScene.New();
        foreach (var method in (string[])["GET", "HEAD", "OPTIONS", "PUT"])
            Assert.False((await scene.Owner.Client.Send(new HttpMethod(method), $"/v1/orgs/{scene.Owner.Slug}/reviews/{scene.Review}/decisions", null)).IsSuccessStatusCode);
        Assert.Equal("pending", (await scene.Owner.Get($"/reviews/{scene.Review}").Success()).Text("state"));
        var cookieAlone = scene.Installation.Client();
        cookieAlone.Cookie = scene.Owner.Client.Cookie;
        await cookieAlone.Post($"/v1/orgs/{scene.Owner.Slug}/reviews/{scene.Review}/decisions", new { decision = "approve", content_sha256 = scene.ContentHash }).Refuses(403, "session.csrf");
    }

    [Fact]
    public async Task FX11_An_expired_review_takes_its_own_branch_and_is_not_decided()
    {
        var scene = await ReviewScene.New(", expires_in: 1500ms");
        var run = await scene.Finished();
        Assert.Equal(("succeeded", "expired", "succeeded"), (run.Text("status"), run.Step("ask").Text("port"), run.Step("late").Text("status")));
        Assert.Equal("expired", (await scene.Owner.Get($"/reviews/{scene.Review}").Success()).Text("state"));
        await scene.Decide(scene.Owner).Refuses(409, "review.decided");
    }

    [Fact]
    public async Task FX05_A_reviewer_reaches_the_own_inbox_and_nothing_else()
    {
        TestMember? reviewer = null, other = null;
        var scene = await ReviewScene.New(", approvers: { groups: [finance] }", async owner =>
        {
            var installation = await Installation.Get();
            reviewer = await owner.NewMember(installation, "reviewer");
            other = await owner.NewMember(installation, "reviewer");
            var group = await owner.Post("/groups", new { name = "finance" }).Success();
            await owner.Put($"/groups/{group.Id()}/members", new { user_ids = new[] { reviewer.UserId } }).Success();
        });
        var item = Assert.Single((await reviewer!.Get("/reviews?state=pending").Success()).GetProperty("items").EnumerateArray());
        Assert.Equal(("Pay Acme?", scene.Review), (item.Text("title"), item.Text("id")));
        Assert.Empty((await other!.Get("/reviews").Success()).GetProperty("items").EnumerateArray());
        await other.Get($"/reviews/{scene.Review}").Refuses(404, "review.not_found");
        await scene.Decide(other).Refuses(404, "review.not_found");

        foreach (var path in (string[])["/workflows", "/runs", $"/runs/{scene.Run}", $"/runs/{scene.Run}/journal", "/credentials", "/connectors", "/members", "/groups", "/api-keys", "/webhook-endpoints", "/audit-events", "/organization"])
            await reviewer.Get(path).Refuses(403, "permission.missing");
        await reviewer.Post($"/runs/{scene.Run}/cancel", null).Refuses(403, "permission.missing");
        await reviewer.Client.Get("/v1/me").Success();
        await scene.Decide(reviewer).Success();
        Assert.Equal(reviewer.Email, (await scene.Finished()).Step("paid").Text("output"));
    }

    [Fact]
    public async Task FX11_Only_who_is_asked_decides()
    {
        TestMember? asked = null;
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        asked = await owner.NewMember(installation, "participant");
        var run = await owner.StartRun(await owner.Publish($$"""
            format: 1
            name: Asks one
            trigger: { type: api }
            nodes:
              - { id: ask, type: review, settings: { title: T, content: 1, approvers: { members: ["{{asked.Email.ToUpperInvariant()}}"] } } }
            """));
        var review = (await owner.RunIn(run, "waiting")).Step("ask").Text("review_id");
        var shown = await owner.Get($"/reviews/{review}").Success();
        Assert.False(shown.GetProperty("may_decide").GetBoolean());
        var decision = new { decision = "approve", content_sha256 = shown.Text("content_sha256") };
        await owner.Post($"/reviews/{review}/decisions", decision).Refuses(403, "review.not_asked");
        await asked.Post($"/reviews/{review}/decisions", decision).Success();
        Assert.Equal("succeeded", (await owner.FinishedRun(run)).Text("status"));
    }

    [Fact]
    public async Task FX08_A_key_decides_only_with_the_scope_for_it_and_where_nobody_is_named()
    {
        var scene = await ReviewScene.New();
        var reader = scene.Installation.KeyClient(await scene.Owner.NewKey("reviews:read"));
        Assert.Single((await reader.Get("/v1/reviews").Success()).GetProperty("items").EnumerateArray());
        var decision = new { decision = "approve", content_sha256 = scene.ContentHash };
        await reader.Post($"/v1/reviews/{scene.Review}/decisions", decision).Refuses(403, "permission.missing");

        var named = await ReviewScene.New(", approvers: { groups: [finance] }", owner => owner.Post("/groups", new { name = "finance" }).Success());
        var stranger = named.Installation.KeyClient(await named.Owner.NewKey("reviews:read", "reviews:approve", "runs:read"));
        await stranger.Post($"/v1/reviews/{named.Review}/decisions", new { decision = "approve", content_sha256 = named.ContentHash }).Refuses(403, "review.not_asked");

        var decider = scene.Installation.KeyClient(await scene.Owner.NewKey("reviews:read", "reviews:approve"));
        Assert.Equal("approved", (await decider.Post($"/v1/reviews/{scene.Review}/decisions", decision).Success()).Text("state"));
    }

    [Fact]
    public async Task Abuse01_Another_organizations_review_is_not_there()
    {
        var scene = await ReviewScene.New();
        var other = await scene.Installation.NewOrganization();
        await other.Get($"/reviews/{scene.Review}").Refuses(404, "review.not_found");
        await scene.Decide(other).Refuses(404, "review.not_found");
        Assert.Empty((await other.Get("/reviews").Success()).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Groups_hold_members_of_the_organization_only()
    {
        var installation = await Installation.Get();
        var (owner, other) = (await installation.NewOrganization(), await installation.NewOrganization());
        var group = await owner.Post("/groups", new { name = "Finance" }).Success();
        await owner.Post("/groups", new { name = "finance " }).Refuses(409, "group.name_taken");
        await owner.Put($"/groups/{group.Id()}/members", new { user_ids = new[] { other.UserId } }).Refuses(422, "group.no_member");
        await owner.Put($"/groups/{group.Id()}/members", new { user_ids = new[] { owner.UserId, owner.UserId } }).Success();
        Assert.Equal([owner.UserId], Assert.Single((await owner.Get("/groups").Success()).GetProperty("items").EnumerateArray()).GetProperty("user_ids").EnumerateArray().Select(u => u.GetGuid()));
        await other.Delete($"/groups/{group.Id()}").Refuses(404, "group.not_found");
        await other.Put($"/groups/{group.Id()}/members", new { user_ids = new[] { other.UserId } }).Refuses(404, "group.not_found");
        await owner.Delete($"/groups/{group.Id()}").Success();
        Assert.Empty((await owner.Get("/groups").Success()).GetProperty("items").EnumerateArray());
    }
}
