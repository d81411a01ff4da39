using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Engine.Runs;
using Fluxgate.Server.Features.Workflows;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Runs;

/// <summary>What the workflow sees as <c>trigger.body</c>.</summary>
public sealed record StartRunRequest(JsonElement Input);

/// <summary><paramref name="Repeated"/>: an earlier request with the same key started this run.</summary>
public sealed record StartRunResponse(RunId RunId, bool Repeated);

internal static class StartRun
{
    /// <summary>Starts the published version by hand or by a program. The key makes a repeat of the request find the same run.</summary>
    public static async Task<Accepted<StartRunResponse>> Handle(
        OrganizationCaller caller, WorkflowId id, StartRunRequest request, HttpContext context, WorkflowStore workflows, WorkflowCatalog catalog, RunHost runs,
        CancellationToken cancel)
    {
        var key = context.Request.Headers[Idempotency.Header].ToString();
        if (!Idempotency.IsValidKey(key))
            return Error.Invalid("idempotency.key_missing", $"Starting a run needs the header {Idempotency.Header}: 1–100 printable characters that you make up once for each run.");
        if (await workflows.Find(caller, id, cancel) is not { } row)
            return WorkflowErrors.NotFound;
        if (row.State != WorkflowState.Published)
            return Error.Conflict("workflow.not_published", $"The workflow is {SnakeCase.From(row.State)}; only a published one starts runs.");
        var version = row.PublishedVersion!.Value;
        var workflow = await catalog.Get(caller.Organization, id, version, cancel);
        if (workflow.Error is { } unreadable)
            return unreadable;
        if (workflow.Value.Trigger.Type.Name is not ("manual" or "api"))
            return Error.Refused("workflow.other_trigger", $"This workflow is started by its {workflow.Value.Trigger.Type.Name} trigger.");

        CelValue input;
        try
        {
            input = CelValue.FromJson(request.Input);
        }
        catch (JsonException)
        {
            return Error.Invalid("body.malformed", "The input has a member twice, a number too large for a double, or holds NUL or lone surrogates.", [new FieldError("/input", "malformed", "This is not JSON that a run takes.")]);
        }
        var trigger = CelValue.Map(
            ("type", CelValue.From(workflow.Value.Trigger.Type.Name)),
            ("body", input));
        // The credential is part of the key: two callers that make up the same key do not see each other's runs.
        var scope = caller.ApiKey?.ToString("N") ?? caller.User?.Value.ToString("N") ?? "";
        var started = await runs.Start(
            new RunStart(caller.Organization, id, version, row.Name, workflow.Value.Trigger.Type.Name, trigger, caller.Actor)
            {
                Receipt = new TriggerReceipt($"key:{scope}:{key}", SHA256.HashData(Encoding.UTF8.GetBytes(request.Input.GetRawText()))),
            }, cancel);
        return started.Error is { } error ? error : new StartRunResponse(started.Value.Run, started.Value.Repeated);
    }
}
