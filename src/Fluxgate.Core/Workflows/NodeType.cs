namespace Fluxgate.Core.Workflows;

/// <summary>How the engine runs a node.</summary>
public enum NodeBehaviour
{
    /// <summary>Computes from what is there; run inside the actor, replayed at will.</summary>
    Pure,

    /// <summary>Reaches outside: its intent is recorded before it starts.</summary>
    Effect,

    /// <summary>Waits for a time or a signal.</summary>
    Wait,
}

/// <summary>A kind of node. <see cref="Ports"/> are where its edges leave; the first is the one that an edge without a port means.</summary>
public sealed record NodeType(string Name, string Description, NodeBehaviour Behaviour, IReadOnlyList<string> Ports, IReadOnlyList<SettingField> Settings)
{
    /// <summary>The port of a failure, where the node says <c>on_error: error</c>.</summary>
    public const string ErrorPort = "error";

    /// <summary>Major version; a document may write <c>http@1</c>.</summary>
    public int Major { get; init; } = 1;

    /// <summary>Whether a branch must name its port, since there is no obvious one.</summary>
    public bool PortRequired => Ports.Count > 1;
}
