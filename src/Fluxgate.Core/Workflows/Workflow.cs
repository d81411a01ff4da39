using Fluxgate.Core.Expressions;

namespace Fluxgate.Core.Workflows;

/// <summary>A valid workflow with its expressions compiled: what the engine runs. Nodes and edges are addressed by index.</summary>
public sealed class Workflow
{
    internal Workflow(string name, Trigger trigger, CelValue vars, Graph graph)
    {
        (Name, Trigger, Vars, Graph) = (name, trigger, vars, graph);
        HasSensitiveData = trigger.Sensitive.Count > 0 || graph.AllNodes.Any(n => n.Sensitive.Count > 0);
    }

    public string Name { get; }

    /// <summary>The form in which names are unique: without regard to case and spaces around them.</summary>
    public static string NormaliseName(string name) => name.Trim().ToLowerInvariant();

    public Trigger Trigger { get; }

    /// <summary>Constants of the workflow, a map.</summary>
    public CelValue Vars { get; }

    public Graph Graph { get; }

    /// <summary>Name of the workflow that starts after a run of this one has failed or timed out; null if none does.</summary>
    public string? ErrorWorkflow { get; init; }

    /// <summary>How long a run may take, waits included; null says nothing of it.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How many runs may be under way at once, of all versions together; null for any number.</summary>
    public int? MaxConcurrentRuns { get; init; }

    /// <summary>Something of its runs is shown as a marker.</summary>
    public bool HasSensitiveData { get; }

    public IReadOnlyList<Node> Nodes => Graph.Nodes;

    public IReadOnlyList<Edge> Edges => Graph.Edges;
}

public sealed record Trigger(TriggerType Type, CelValue Settings)
{
    /// <summary>JSON pointers into what expressions see as <c>trigger</c> that are shown as a marker only.</summary>
    public IReadOnlyList<string> Sensitive { get; init; } = [];

    /// <summary>Whether pages with a client key may start it.</summary>
    public bool IsPublic => Type == TriggerType.Api && Settings.TryGetMember(TriggerType.PublicSetting, out var isPublic) && isPublic.AsBool;
}

public enum OnError
{
    /// <summary>The run fails.</summary>
    Fail,

    /// <summary>The run goes on by the first port with null as the step's output.</summary>
    Continue,

    /// <summary>The run goes on by the port <c>error</c> with the error as the step's output.</summary>
    Error,
}

/// <summary>What becomes of an attempt that had begun when its server died, so that nobody knows whether the outside has acted.</summary>
public enum OnUnknown
{
    /// <summary>It is made again, with the same idempotency key.</summary>
    Retry,

    /// <summary>The step waits for a person to say how it went.</summary>
    Stop,
}

/// <summary>One vertex. <see cref="Settings"/> gives a map when evaluated; <see cref="RawSettings"/> is the same as written.</summary>
public sealed record Node(int Index, string Id, NodeType Type, Template Settings, CelValue RawSettings)
{
    /// <summary>Where its edges leave, apart from the error port.</summary>
    public IReadOnlyList<string> Ports { get; init; } = Type.Ports;

    /// <summary>The settings that are evaluated for each item, by name; they are not in <see cref="Settings"/>.</summary>
    public IReadOnlyDictionary<string, Template> PerItem { get; init; } = new Dictionary<string, Template>();

    public TimeSpan? Timeout { get; init; }

    public RetryPolicy Retry { get; init; } = RetryPolicy.None;

    public OnError OnError { get; init; }

    public OnUnknown OnUnknown { get; init; }

    /// <summary>The filter: a step whose filter is false is <c>filtered</c> and takes no branch.</summary>
    public Template? When { get; init; }

    /// <summary>Names of the key-value store that its expressions call for, <c>kv("name")</c>; they are read before the step.</summary>
    public IReadOnlyCollection<string> KeyValues { get; init; } = [];

    /// <summary>JSON pointers into the step's output that are shown as a marker only.</summary>
    public IReadOnlyList<string> Sensitive { get; init; } = [];

    public string? Note { get; init; }

    /// <summary>JSON pointer of the node in its document.</summary>
    public string Pointer { get; init; } = "";

    /// <summary>Of a loop: what runs for each item.</summary>
    public Graph? Body { get; init; }

    /// <summary>Of a loop: an item that fails is a result like others.</summary>
    internal bool GoesOnWithoutItem => RawSettings.TryGetMember("on_item_error", out var goesOn) && goesOn.AsString == NodeTypes.GoOn;

    /// <summary>Of a node that calls a workflow: its step ends with the run that it calls.</summary>
    public bool WaitsForCalled => !RawSettings.TryGetMember("mode", out var mode) || mode.AsString != NodeTypes.AsyncMode;

    /// <summary>Of a node that calls a workflow: its name.</summary>
    public string CalledWorkflow => RawSettings.TryGetMember("workflow", out var name) ? name.AsString : "";
}

/// <summary>A connection of two nodes, by index; <paramref name="Port"/> is where it leaves.</summary>
public sealed record Edge(int From, string Port, int To);

/// <summary>
/// How often a failed attempt is made again: <see cref="Attempts"/> in all, after <see cref="Initial"/>, then each wait
/// <see cref="Factor"/> times the last, at most <see cref="Max"/>; with <see cref="Jitter"/> a random part of it.
/// </summary>
public sealed record RetryPolicy(int Attempts, TimeSpan Initial, double Factor, TimeSpan Max, bool Jitter)
{
    /// <summary>One attempt.</summary>
    public static readonly RetryPolicy None = new(1, TimeSpan.Zero, 1, TimeSpan.Zero, false);

    /// <summary>Of a node that says <c>retry</c> without more: 5 attempts, waits of 1, 2, 4 and 8 s.</summary>
    public static readonly RetryPolicy Default = new(5, TimeSpan.FromSeconds(1), 2, TimeSpan.FromSeconds(60), true);

    /// <summary>The wait after attempt number <paramref name="attempt"/> (from 1); <paramref name="random"/> is in [0, 1).</summary>
    public TimeSpan WaitAfter(int attempt, double random)
    {
        var wait = Math.Min(Initial.TotalMilliseconds * Math.Pow(Factor, attempt - 1), Max.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(Jitter ? wait * (0.5 + random / 2) : wait);
    }
}
