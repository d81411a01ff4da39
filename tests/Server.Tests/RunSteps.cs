using System.Text.Json;
using Fluxgate.Testing;
using TestWorkflows = Fluxgate.Testing.PublishedWorkflows;

namespace Fluxgate.Server.Tests;

/// <summary>Steps of tests about workflows and their runs.</summary>
public static class RunSteps
{
    /// <summary>Creates and publishes a workflow from YAML; its id.</summary>
    public static Task<string> Publish(this TestMember member, string yaml) => TestWorkflows.Publish(member, yaml);

    /// <summary>Creates a draft from YAML; its answer.</summary>
    public static Task<HttpResponseMessage> Draft(this TestMember member, string document, string format = "yaml") => member.Post("/workflows", new { document, format });

    public static Task<string> StartRun(this TestMember member, string workflow, object? input = null, string? key = null) => TestWorkflows.Start(member, workflow, input, key);

    /// <summary>The run, once it is in a final state.</summary>
    public static Task<JsonElement> FinishedRun(this TestMember member, string run) => TestWorkflows.Finished(member, run);

    /// <summary>Publishes, runs once, and answers the finished run.</summary>
    public static async Task<JsonElement> RunOnce(this TestMember member, string yaml, object? input = null) =>
        await member.FinishedRun(await member.StartRun(await member.Publish(yaml), input));

    /// <summary>The run, once it is there and in that state: a caller names its called run a moment before that is recorded.</summary>
    public static async Task<JsonElement> RunIn(this TestMember member, string run, string status)
    {
        var shown = default(JsonElement);
        await Condition.Holds(async () =>
        {
            var answer = await member.Get($"/runs/{run}");
            return answer.StatusCode != System.Net.HttpStatusCode.NotFound && (shown = await answer.Success()).Text("status") == status;
        }, $"run {run} is {status}");
        return shown;
    }

    public static JsonElement Step(this JsonElement run, string node) => run.GetProperty("steps").EnumerateArray().Single(s => s.Text("node") == node);

    /// <summary>A connector without authentication to that path; its endpoint is <c>call</c>, a POST to <c>/call</c>.</summary>
    public static async Task<string> Connect(this TestMember member, StubPath path, int timeoutSeconds = 30)
    {
        var name = $"c{Guid.NewGuid():N}";
        await member.Post("/connectors", new
        {
            name,
            base_url = path.Address.AbsoluteUri,
            authentication = new { type = "none" },
            endpoints = new[] { new { name = "call", method = "POST", path = "/call", timeout_seconds = timeoutSeconds } },
        }).Success();
        return name;
    }
}
