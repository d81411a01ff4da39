using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;

namespace Fluxgate.Engine.Nodes;

/// <summary>
/// One attempt at a step with an outside effect. <paramref name="IdempotencyKey"/> is the same for every attempt. Whoever
/// makes the attempt ends it after <paramref name="Timeout"/> with <c>step.timeout</c>.
/// </summary>
public sealed record StepEffect(OrganizationId Organization, RunId Run, Node Node, CelValue Settings, string IdempotencyKey, int Attempt, TimeSpan Timeout)
{
    /// <summary>A failure that may pass is the step's failure with this attempt.</summary>
    public bool IsLastAttempt => Attempt >= Node.Retry.Attempts;
}

/// <summary>How an attempt ended. A retryable failure may be tried again, not before <paramref name="RetryAfter"/>.</summary>
public sealed record EffectOutcome(Result<CelValue> Value, bool Retryable, TimeSpan? RetryAfter)
{
    /// <summary>What reached the outside, for the audit: host, method, status, duration, sizes; no values.</summary>
    public OutsideCall? Call { get; init; }
}

public sealed record OutsideCall(string Node, string? Connector, string Host, string Method, int? Status, int Milliseconds, int BytesOut, int BytesIn)
{
    /// <summary>The host that answered in the end, if redirects led to another.</summary>
    public string? RedirectedTo { get; init; }
}

/// <summary>Runs the nodes that reach outside.</summary>
public sealed class StepEffects(HttpStep http)
{
    public Task<EffectOutcome> Run(StepEffect effect, CancellationToken cancel) => effect.Node.Type.Name switch
    {
        "http" => http.Run(effect, cancel),
        var other => throw new InvalidOperationException($"{other} has no outside effect."),
    };
}
