using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Workflows;

public sealed class WebhookPathTests
{
    [Fact]
    public async Task Abuse13_A_webhook_path_is_taken_within_an_organization_and_free_in_another()
    {
        var installation = await Installation.Get();
        var (first, second) = (await Hooks.HookScene.New(), await Hooks.HookScene.New());
        var taken = await first.Owner.Draft(Hooks.HookScene.Document("Another")).Success();
        await first.Owner.Post($"/workflows/{taken.Id()}/publish", null).Refuses(409, "workflow.webhook_path_taken");
        Assert.Equal("draft", (await first.Owner.Get($"/workflows/{taken.Id()}").Success()).Text("state"));

        // The other organization answers at the same path, to its own signature, with its own run.
        var run = (await (await second.Send("""{"n":1}""")).Success()).Text("run_id");
        Assert.Equal("succeeded", (await second.Owner.FinishedRun(run)).Text("status"));
        Assert.Empty((await first.Owner.Get("/runs").Success()).GetProperty("items").EnumerateArray());

        // Archived, the path is free.
        await first.Owner.Post($"/workflows/{first.Workflow}/archive", null).Success();
        await first.Send("""{"n":1}""").Refuses(404, "route.not_found");
        await first.Owner.Post($"/workflows/{taken.Id()}/publish", null).Success();
        await (await first.Send("""{"n":1}""")).Success();
    }
}
