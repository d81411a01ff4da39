using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Reviews;

/// <summary>An organization with a run that waits for a review.</summary>
internal sealed record ReviewScene(TestInstallation Installation, TestMember Owner, string Run, string Review, string ContentHash)
{
    public static async Task<ReviewScene> New(string settings = "", Func<TestMember, Task>? before = null)
    {
        var installation = await Tests.Installation.Get();
        var owner = await installation.NewOrganization();
        if (before is not null)
            await before(owner);
        var run = await owner.StartRun(await owner.Publish($$$"""
            format: 1
            name: Asks
            trigger: { type: api }
            nodes:
              - { id: ask, type: review, settings: { title: "Pay {{ trigger.body.vendor }}?", content: "{{ trigger.body }}"{{{settings}}} } }
              - { id: paid, type: transform, settings: { output: "{{ steps.ask.decided_by }}" } }
              - { id: refused, type: transform, settings: { output: "{{ steps.ask.comment }}" } }
              - { id: late, type: transform, settings: { output: 1 } }
            edges:
              - { from: ask, port: approved, to: paid }
              - { from: ask, port: rejected, to: refused }
              - { from: ask, port: expired, to: late }
            """), new { vendor = "Acme", amount = 7 });
        var review = (await owner.RunIn(run, "waiting")).Step("ask").Text("review_id");
        return new ReviewScene(installation, owner, run, review, (await owner.Get($"/reviews/{review}").Success()).Text("content_sha256"));
    }

    public Task<HttpResponseMessage> Decide(TestMember member, string decision = "approve", string? hash = null, string? comment = null) =>
        member.Post($"/reviews/{Review}/decisions", new { decision, content_sha256 = hash ?? ContentHash, comment });

    public Task<JsonElement> Finished() => Owner.FinishedRun(Run);
}
