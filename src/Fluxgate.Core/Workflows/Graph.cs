using Fluxgate.Core.Expressions;

namespace Fluxgate.Core.Workflows;

/// <summary>Nodes and edges, of a workflow or of the body of a loop in it. Both are addressed by index.</summary>
public sealed class Graph
{
    private readonly Dictionary<string, int> indexes;

    internal Graph(IReadOnlyList<Node> nodes, IReadOnlyList<Edge> edges, Template? output)
    {
        (Nodes, Edges, Output) = (nodes, edges, output);
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

    public IReadOnlyList<Node> Nodes { get; }

    public IReadOnlyList<Edge> Edges { get; }

    /// <summary>What it gives when all its steps are settled; null gives nothing.</summary>
    public Template? Output { get; }

    /// <summary>Edges that end at a node, by its index.</summary>
    public IReadOnlyList<IReadOnlyList<Edge>> Incoming { get; }

    /// <summary>Edges that leave a node, by its index.</summary>
    public IReadOnlyList<IReadOnlyList<Edge>> Outgoing { get; }

    /// <summary>Its nodes and those of the bodies within it.</summary>
    public IEnumerable<Node> AllNodes => Nodes.SelectMany(n => (IEnumerable<Node>)[n, .. n.Body?.AllNodes ?? []]);

    public int IndexOf(string node) => indexes[node];
}
