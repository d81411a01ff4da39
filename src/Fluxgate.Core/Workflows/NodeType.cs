namespace Fluxgate.Core.Workflows;

/// <summary>How the engine runs a node.</summary>
public enum NodeBehaviour
{
    /// <summary>Computes from what is there; run inside the actor, replayed at will.</summary>
    Pure,

    /// <summary>Computes an output that its settings do not bound, from lists or from other steps: measured before it is kept.</summary>
    Collect,

    /// <summary>Reaches outside: its intent is recorded before it starts.</summary>
    Effect,

    /// <summary>Starts another run: its id is recorded before it starts.</summary>
    Call,

    /// <summary>Runs a graph of its own for each item of a list.</summary>
    Loop,

    /// <summary>Waits for a time or a signal.</summary>
    Wait,
}

/// <summary>
/// A kind of node. <see cref="Ports"/> are where its edges leave; the first is the one that an edge without a port means.
/// With <see cref="PortsFrom"/> each node has more of them.
/// </summary>
public sealed record NodeType(string Name, string Description, NodeBehaviour Behaviour, IReadOnlyList<string> Ports, IReadOnlyList<SettingField> Settings)
{
    /// <summary>The port of a failure, where the node says <c>on_error: error</c>.</summary>
    public const string ErrorPort = "error";

    /// <summary>Major version; a document may write <c>http@1</c>.</summary>
    public int Major { get; init; } = 1;

    /// <summary>The setting, a list of names, whose members are ports before <see cref="Ports"/>; null if there is none.</summary>
    public string? PortsFrom { get; init; }
}
