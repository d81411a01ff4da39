namespace Fluxgate.Testing;

public static class PublishedWorkflows
{
    /// <summary>Creates and publishes a workflow from YAML; its id.</summary>
    public static async Task<string> Publish(TestMember member, string yaml)
    {
        var created = await member.Post("/workflows", new { document = yaml, format = "yaml" }).Success();
        var id = created.GetProperty("id").GetString()!;
        await member.Post($"/workflows/{id}/publish", null).Success();
        return id;
    }

    /// <summary>Starts a run; its id.</summary>
    public static async Task<string> Start(TestMember member, string workflow, object? input, string? key = null)
    {
        var started = await member.Post($"/workflows/{workflow}/runs", new { input = input ?? new { } }, ("Idempotency-Key", key ?? Guid.NewGuid().ToString("N"))).Success();
        return started.GetProperty("run_id").GetString()!;
    }

    /// <summary>The run, once it is in a final state.</summary>
    public static async Task<System.Text.Json.JsonElement> Finished(TestMember member, string run)
    {
        var shown = default(System.Text.Json.JsonElement);
        await Condition.Holds(async () =>
        {
            shown = await member.Get($"/runs/{run}").Success();
            return shown.GetProperty("status").GetString() is "succeeded" or "failed" or "cancelled" or "timed_out";
        }, $"run {run} is finished");
        return shown;
    }
}
