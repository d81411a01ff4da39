using Fluxgate.Core.Expressions;

namespace Fluxgate.Core.Workflows;

/// <summary>A valid workflow with its expressions compiled: what the engine runs. Nodes and edges are addressed by index.</summary>
public sealed class Workflow
{
    internal Workflow(string name, Trigger trigger, CelValue vars, IReadOnlyList<Node> nodes, IReadOnlyList<Edge> edges, Template? output)
    {
        (Name, Trigger, Vars, Nodes, Edges, Output) = (name, trigger, vars, nodes, edges, output);
        Incoming = ByNode(e => e.To);
        Outgoing = ByNode(e => e.From);
        indexes = nodes.ToDictionary(n => n.Id, n => n.Index, StringComparer.Ordinal);

        IReadOnlyList<Edge>[] ByNode(Func<Edge, int> end)
        {
            var lists = nodes.Select(_ => new List<Edge>()).ToArray();
            foreach (var edge in edges)
                lists[end(edge)].Add(edge);
            return lists;
        }
    }

    private readonly Dictionary<string, int> indexes;

    public string Name { get; }

    /// <summary>The form in which names are unique: without regard to case and spaces around them.</summary>
    public static string NormaliseName(string name) => name.Trim().ToLowerInvariant();

    public Trigger Trigger { get; }

    /// <summary>Constants of the workflow, a map.</summary>
    public CelValue Vars { get; }

    public IReadOnlyList<Node> Nodes { get; }

    public IReadOnlyList<Edge> Edges { get; }

    /// <summary>What a finished run gives; null gives nothing.</summary>
    public Template? Output { get; }

    /// <summary>Edges that end at a node, by its index.</summary>
    public IReadOnlyList<IReadOnlyList<Edge>> Incoming { get; }

    /// <summary>Edges that leave a node, by its index.</summary>
    public IReadOnlyList<IReadOnlyList<Edge>> Outgoing { get; }

    public int IndexOf(string node) => indexes[node];
}

public sealed record Trigger(TriggerType Type, CelValue Settings);

public enum OnError
{
    /// <summary>The run fails.</summary>
    Fail,

    /// <summary>The run goes on by the first port with null as the step's output.</summary>
    Continue,

    /// <summary>The run goes on by the port <c>error</c> with the error as the step's output.</summary>
    Error,
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

    /// <summary>The filter: a step whose filter is false is <c>filtered</c> and takes no branch.</summary>
    public Template? When { get; init; }

    /// <summary>Names of the key-value store that its expressions call for, <c>kv("name")</c>; they are read before the step.</summary>
    public IReadOnlyCollection<string> KeyValues { get; init; } = [];

    /// <summary>JSON pointers into the step's input and output that are shown as a marker only.</summary>
    public IReadOnlyList<string> Sensitive { get; init; } = [];

    public string? Note { get; init; }

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
