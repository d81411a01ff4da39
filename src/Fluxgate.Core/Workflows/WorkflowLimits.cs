namespace Fluxgate.Core.Workflows;

/// <summary>How large a workflow may be.</summary>
public static class WorkflowLimits
{
    /// <summary>Characters of the whole document.</summary>
    public const int Characters = 1024 * 1024;

    /// <summary>Nodes of the whole document, bodies of loops included.</summary>
    public const int Nodes = 500;

    /// <summary>Edges of one graph.</summary>
    public const int Edges = 2000;

    /// <summary>Loops within loops.</summary>
    public const int LoopDepth = 3;

    /// <summary>Runs of a workflow that bounds them.</summary>
    public const int ConcurrentRuns = 1000;

    /// <summary>Nesting of the document.</summary>
    public const int Depth = 40;

    public const int NameCharacters = 200;
    public const int NoteCharacters = 2000;
    public const int PortCharacters = 50;

    /// <summary>Names of the key-value store that one node's expressions call for.</summary>
    public const int KeyValues = 20;

    /// <summary>Longest wait, time-out or expiry.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromDays(365);
}
