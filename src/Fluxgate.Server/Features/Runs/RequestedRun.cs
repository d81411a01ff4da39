using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;
using Fluxgate.Engine.Runs;
using Fluxgate.Server.Http;

namespace Fluxgate.Server.Features.Runs;

/// <summary>What the workflow sees as <c>trigger.body</c>.</summary>
public sealed record StartRunRequest(JsonElement Input);

/// <summary><paramref name="Repeated"/>: an earlier request with the same key started this run.</summary>
public sealed record StartRunResponse(RunId RunId, bool Repeated);

/// <summary>A run that a request asks for; <paramref name="Scope"/> tells credentials apart, so that two callers that make up the same key do not see each other's runs.</summary>
internal sealed record RequestedRun(OrganizationId Organization, WorkflowId Workflow, string Name, int Version, Trigger Trigger, string Scope, Actor Actor)
{
    /// <summary>The header's key makes a repeat of the request find the same run.</summary>
    public async Task<Result<StartRunResponse>> Start(StartRunRequest request, HttpContext context, RunHost runs, CancellationToken cancel)
    {
        var key = context.Request.Headers[Idempotency.Header].ToString();
        if (!Idempotency.IsValidKey(key))
            return Error.Invalid("idempotency.key_missing", $"Starting a run needs the header {Idempotency.Header}: 1–100 printable characters that you make up once for each run.");
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
            ("type", CelValue.From(Trigger.Type.Name)),
            ("body", input));
        var started = await runs.Start(
            new RunStart(Organization, Workflow, Version, Name, Trigger.Type.Name, trigger, Actor)
            {
                Receipt = new TriggerReceipt($"key:{Scope}:{key}", SHA256.HashData(Encoding.UTF8.GetBytes(request.Input.GetRawText()))),
            }, cancel);
        return started.Error is { } error ? error : new StartRunResponse(started.Value.Run, started.Value.Repeated);
    }
}
