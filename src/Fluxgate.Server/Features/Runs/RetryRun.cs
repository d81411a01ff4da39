using Fluxgate.Core.Kernel;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Runs;

/// <summary><paramref name="From"/> is the id of the node to start from; left out, whatever is not done yet.</summary>
public sealed record RetryRunRequest(string? From = null, RetryVersion Version = RetryVersion.Same);

internal static class RetryRun
{
    private const int NameCharacters = 50;

    /// <summary>A new run that takes over the results of the steps before. The key makes a repeat of the request find the same run.</summary>
    public static async Task<Accepted<StartRunResponse>> Handle(
        OrganizationCaller caller, RunId id, RetryRunRequest request, HttpContext context, RunRetries retries, CancellationToken cancel)
    {
        var key = context.Request.Headers[Idempotency.Header].ToString();
        if (!Idempotency.IsValidKey(key))
            return Error.Invalid("idempotency.key_missing", $"Taking a run up again needs the header {Idempotency.Header}: 1–100 printable characters that you make up once for each new run.");
        if (new Checks().Text(request.From ?? "", "/from", 0, NameCharacters).Error() is { } invalid)
            return invalid;
        // The credential is part of the key: two callers that make up the same key do not see each other's runs.
        var scope = caller.ApiKey?.ToString("N") ?? caller.User?.Value.ToString("N") ?? "";
        var started = await retries.Start(caller, id, request.From, request.Version, $"{scope}:{key}", cancel);
        return started.Error is { } error ? error : new StartRunResponse(started.Value.Run, started.Value.Repeated);
    }
}
