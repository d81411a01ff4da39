using System.Security.Cryptography;
using System.Text.Json;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Core.Workflows;
using Fluxgate.Engine.Runs;
using Fluxgate.Engine.Switches;
using Fluxgate.Server.Features.Workflows;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Limits;

namespace Fluxgate.Server.Features.Hooks;

/// <summary>The run that a delivery started. <paramref name="Repeated"/>: this delivery had come before.</summary>
public sealed record HookResponse(RunId RunId, bool Repeated);

internal static class ReceiveHook
{
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(60);

    /// <summary>Headers that prove or carry the sender's secrets; a workflow has no use for them.</summary>
    private static readonly HashSet<string> Withheld = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization", "Cookie", "Proxy-Authorization", "X-API-Key", HookAuthentication.SignatureHeader,
    };

    private static readonly Error Unknown = new("route.not_found", ErrorKind.NotFound, "There is no such address.");
    private static readonly Error Refused = new("hook.refused", ErrorKind.Unauthenticated, "The request is not signed as this address asks.");

    public static async Task<IResult> Handle(
        string org, string? path, HttpContext context, HookRoutes routes, HookAuthentication authentication, HookRefusals refusals, SwitchGate switches, RateLimiter limiter, WorkflowCatalog catalog, RunHost runs,
        CancellationToken cancel)
    {
        var route = await routes.Find(org, path ?? "", context.Request.Method);
        if (route is null)
            return Problems.From(await limiter.ChargeAddress(context, 1) ?? Unknown);
        if (await switches.Refusal(Entrance.Hooks, route.OrganizationId, cancel) is { } off)
            return Problems.From(off);
        var body = await ReadBody(context, cancel);
        var workflow = await catalog.Get(route.OrganizationId, route.WorkflowId, route.PublishedVersion, cancel);
        if (workflow.Error is { } unreadable)
            return Problems.From(unreadable);

        var proven = await authentication.Check(route.OrganizationId, workflow.Value.Trigger.Settings, context.Request, body, cancel);
        if (proven.Error is { } denied)
        {
            await refusals.Record(context, route.OrganizationId, route.WorkflowId, route.Name, denied, cancel);
            return Problems.From(await limiter.ChargeAddress(context, 1) ?? Refused);
        }
        var actor = new Actor(ActorKind.Anonymous, null, $"webhook {path}") { Network = context.Connection.RemoteIpAddress?.ToString() };
        // Where nothing proves the sender it is a stranger: it pays by its address first, or it could use up the organization's budget alone.
        var over = (proven.Value.IsAnybody ? await limiter.ChargeAddress(context, 1) : null) ?? await limiter.ChargeDelivery(context, route.OrganizationId, actor);
        if (over is not null)
            return Problems.From(over);
        if (route.State != WorkflowState.Published)
            return Problems.From(new Error("workflow.paused", ErrorKind.Unavailable, "The workflow is paused; send again later."));

        var trigger = Trigger(context, body, path!, proven.Value.ProofHeader);
        if (trigger.Error is { } malformed)
            return Problems.From(malformed);
        var started = await runs.Start(
            new RunStart(route.OrganizationId, route.WorkflowId, route.PublishedVersion, route.Name, "webhook", trigger.Value, actor)
            {
                Receipt = proven.Value.DeliveryId is { } id ? new TriggerReceipt($"hook:{id}", SHA256.HashData(body)) : null,
            }, cancel);
        if (started.Error is { } error)
            return Problems.From(error);
        return await Answer(workflow.Value, started.Value, cancel);
    }

    private static async Task<byte[]> ReadBody(HttpContext context, CancellationToken cancel)
    {
        // Kestrel's limit on the body holds here too, chunked or not.
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, cancel);
        return buffer.ToArray();
    }

    private static Result<CelValue> Trigger(HttpContext context, byte[] body, string path, string? proofHeader)
    {
        CelValue content;
        try
        {
            content = body.Length == 0 ? CelValue.Null : CelValue.FromJson(body);
        }
        catch (JsonException)
        {
            return Error.Invalid("body.malformed", "The body is not JSON, is nested deeper than 64, has a member twice, or holds NUL or lone surrogates.");
        }
        var headers = context.Request.Headers
            .Where(h => !Withheld.Contains(h.Key) && !h.Key.Equals(proofHeader, StringComparison.OrdinalIgnoreCase))
            .ToDictionary(h => h.Key.ToLowerInvariant(), h => CelValue.From(h.Value.ToString()), StringComparer.Ordinal);
        var query = context.Request.Query.ToDictionary(q => q.Key, q => CelValue.From(q.Value.ToString()), StringComparer.Ordinal);
        return CelValue.Map(
            ("type", CelValue.From("webhook")),
            ("method", CelValue.From(context.Request.Method)),
            ("path", CelValue.From(path)),
            ("headers", CelValue.Map(headers)),
            ("query", CelValue.Map(query)),
            ("body", content));
    }

    private static async Task<IResult> Answer(Workflow workflow, StartedRun started, CancellationToken cancel)
    {
        var mode = workflow.Trigger.Settings.TryGetMember("answer", out var answer) ? answer.AsString : "accepted";
        if (started.Repeated || mode == "accepted")
            return Results.Json(new HookResponse(started.Run, started.Repeated), JsonConventions.Options, statusCode: started.Repeated ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
        try
        {
            if (mode == "respond")
            {
                await Task.WhenAny(started.Responded, started.Finished).WaitAsync(LongestAnswer, cancel);
                if (started.Responded.IsCompletedSuccessfully)
                    return new RunResponseResult(await started.Responded);
            }
            var state = await started.Finished.WaitAsync(LongestAnswer, cancel);
            return state.Status == RunStatus.Succeeded
                ? Results.Bytes(state.Output.ToJson(), "application/json")
                : Problems.From(Error.Refused("run.failed", $"The run {started.Run} ended as {SnakeCase.From(state.Status)}: {state.Error?.Code}."));
        }
        catch (Exception e) when (e is TimeoutException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return Problems.From(new Error("run.not_finished", ErrorKind.Unavailable, $"The run {started.Run} goes on; its answer was not there in time."));
        }
    }
}
