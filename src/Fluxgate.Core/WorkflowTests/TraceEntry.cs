using Fluxgate.Core.Expressions;

namespace Fluxgate.Core.WorkflowTests;

/// <summary>What of a run somebody outside of it notices.</summary>
public enum TraceKind
{
    /// <summary>An attempt at a step that reaches outside, or calls a workflow: <c>{type, settings}</c>, or <c>{type, error}</c> if its settings had no value.</summary>
    Call,

    /// <summary>A person was asked: <c>{title, content, approvers, expires_after}</c>, in seconds.</summary>
    Review,

    /// <summary>A signal was waited for: <c>{signal, expires_after}</c>.</summary>
    Wait,

    /// <summary>The run rested: <c>{seconds}</c>.</summary>
    Delay,

    /// <summary>An event for the outgoing webhooks: <c>{type, data}</c>.</summary>
    Event,

    /// <summary>What the sender of the request was answered: <c>{status, headers, body}</c>.</summary>
    Response,

    /// <summary>How the run ended: <c>{status, output}</c>, or <c>{status, code}</c>.</summary>
    End,
}

/// <summary>One thing that a run did. <paramref name="Step"/> is a path, empty for <see cref="TraceKind.End"/>; <paramref name="Attempt"/> counts from 1.</summary>
public sealed record TraceEntry(TraceKind Kind, string Step, int Attempt, CelValue Content);
