using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Core.Workflows;

namespace Fluxgate.Engine.Nodes;

/// <summary>
/// One attempt at a step with an outside effect. <paramref name="IdempotencyKey"/> is the same for every attempt. Whoever
/// makes the attempt ends it after <paramref name="Timeout"/> with <c>step.timeout</c>.
/// </summary>
public sealed record StepEffect(OrganizationId Organization, RunId Run, Node Node, CelValue Settings, string IdempotencyKey, int Attempt, TimeSpan Timeout)
{
    /// <summary>The person who started the run, if one did.</summary>
    public UserId? Starter { get; init; }

    /// <summary>The workflow whose version runs.</summary>
    public required WorkflowId Workflow { get; init; }

    /// <summary>A setting as it was written: for what takes no expression.</summary>
    public string Literal(string setting) => Node.RawSettings.TryGetMember(setting, out var value) && value.Kind == CelKind.String ? value.AsString : "";

    /// <summary>A setting, evaluated; null if it is not there or null.</summary>
    public CelValue? Setting(string name) => Settings.TryGetMember(name, out var value) && !value.IsNull ? value : null;

    /// <summary>A failure that may pass is the step's failure with this attempt.</summary>
    public bool IsLastAttempt => Attempt >= Node.Retry.Attempts;
}

/// <summary>How an attempt ended. A retryable failure may be tried again, not before <paramref name="RetryAfter"/>.</summary>
public sealed record EffectOutcome(Result<CelValue> Value, bool Retryable, TimeSpan? RetryAfter)
{
    /// <summary>What reached the outside, for the audit: host, method, status, duration, sizes; no values.</summary>
    public OutsideCall? Call { get; init; }

    /// <summary>A failure that another attempt would not mend.</summary>
    public static EffectOutcome Final(Error error) => new(error, Retryable: false, null);

    /// <summary>
    /// One attempt within its time; after that <see cref="StepError.TimedOut"/>, which may be tried again. Stops without an outcome when
    /// <paramref name="cancel"/> says so.
    /// </summary>
    public static async Task<EffectOutcome> InTime(StepEffect effect, Func<CancellationToken, Task<EffectOutcome>> attempt, CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(effect.Timeout);
        try
        {
            return await attempt(deadline.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new EffectOutcome(new Error(StepError.TimedOut, ErrorKind.Unavailable, $"The attempt took longer than {effect.Timeout.TotalSeconds:0.###} s."), Retryable: true, null);
        }
    }
}

public sealed record OutsideCall(string Node, string? Connector, string Host, string Method, int? Status, int Milliseconds, int BytesOut, int BytesIn)
{
    /// <summary>The host that answered in the end, if redirects led to another.</summary>
    public string? RedirectedTo { get; init; }

    /// <summary>The credential that the call was made with, and the version of its secret.</summary>
    public (string Name, int Version)? Credential { get; init; }
}

/// <summary>
/// Runs the nodes that reach outside of their run. That our database does not answer comes as an exception only before the
/// outside was reached.
/// </summary>
public sealed class StepEffects(HttpStep http, GraphqlStep graphql, DatabaseStep database, EmailStep email, KvStep kv, CodeStep code)
{
    public Task<EffectOutcome> Run(StepEffect effect, CancellationToken cancel) => effect.Node.Type.Name switch
    {
        "http" => http.Run(effect, cancel),
        "graphql" => graphql.Run(effect, cancel),
        "database" => database.Run(effect, cancel),
        "email" => email.Run(effect, cancel),
        "kv" => kv.Run(effect, cancel),
        "code" => code.Run(effect, cancel),
        var other => throw new InvalidOperationException($"{other} has no outside effect."),
    };
}
