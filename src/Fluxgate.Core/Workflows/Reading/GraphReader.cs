using System.Text.RegularExpressions;
using Fluxgate.Core.Expressions;

namespace Fluxgate.Core.Workflows.Reading;

/// <summary>A graph with the places of its nodes in the document.</summary>
internal sealed record PlacedGraph(Graph Graph, IReadOnlyList<PlacedNode> Nodes, DocumentMap Map, string Pointer);

/// <summary>A node with its place in the document. <paramref name="Body"/> is a loop's graph, if it is written there.</summary>
internal sealed record PlacedNode(Node Node, DocumentMap Map, string Pointer, PlacedGraph? Body);

/// <summary>Reads nodes, edges and output: of the workflow, and of the bodies of its loops, which share its names.</summary>
internal sealed partial class GraphReader(DocumentFaults faults)
{
    private const string BodyMember = "body";

    private static readonly string[] NodeMembers = ["id", "type", "settings", "timeout", "retry", "on_error", "on_unknown", "when", "sensitive", "note"];
    private static readonly string[] RetryMembers = ["attempts", "initial", "factor", "max", "jitter"];

    private readonly HashSet<string> ids = new(StringComparer.Ordinal);
    private int count;

    [GeneratedRegex("^[a-z][a-z0-9_]{0,49}$")]
    private static partial Regex NodeId();

    /// <summary>The graph whose members stand in <paramref name="map"/>; null if it has no valid node.</summary>
    public PlacedGraph? Read(DocumentMap map, string pointer, int depth = 0)
    {
        var fields = new MemberReader(map, pointer, faults);
        var nodes = ReadNodes(fields.List("nodes", required: true), $"{pointer}/nodes", depth);
        var edges = ReadEdges(fields.List("edges", required: false), nodes, $"{pointer}/edges");
        var output = map["output"] is { } outputNode ? WorkflowReader.CompileTemplate(outputNode, $"{pointer}/output", faults) : null;
        if (nodes.Count > 0)
            return new PlacedGraph(new Graph([.. nodes.Select(n => n.Node)], edges, output), nodes, map, pointer);
        if (map["nodes"] is DocumentList { Items.Count: 0 } none)
            faults.Add($"{pointer}/nodes", "empty", "There is at least one node.", none);
        return null;
    }

    private List<PlacedNode> ReadNodes(DocumentList? list, string place, int depth)
    {
        var nodes = new List<PlacedNode>();
        if (list is null)
            return nodes;
        count += list.Items.Count;
        if (count > WorkflowLimits.Nodes)
        {
            faults.Add(place, "nodes.too_many", $"A workflow has at most {WorkflowLimits.Nodes} nodes.", list);
            return nodes;
        }
        for (var i = 0; i < list.Items.Count; i++)
        {
            var pointer = $"{place}/{i}";
            if (list.Items[i] is not DocumentMap map)
                faults.Add(pointer, "type", "A node is a map.", list.Items[i]);
            else if (ReadNode(map, nodes.Count, pointer, depth) is { } node)
                nodes.Add(node);
        }
        return nodes;
    }

    private PlacedNode? ReadNode(DocumentMap map, int index, string pointer, int depth)
    {
        var fields = new MemberReader(map, pointer, faults);
        fields.RefuseUnknown(NodeMembers);
        var id = fields.Text("id", required: true, max: 50);
        if (id is not null && !NodeId().IsMatch(id))
            faults.Add($"{pointer}/id", "node.id", "An id begins with a–z and goes on with up to 49 of a–z, 0–9 and _.", map["id"]);
        var isDuplicate = id is not null && !ids.Add(id);
        if (isDuplicate)
            faults.Add($"{pointer}/id", "node.duplicate_id", $"There is another node '{id}'.", map["id"]);
        var typeName = fields.Text("type", required: true, max: 60);
        var type = typeName is null ? null : NodeTypes.Find(typeName);
        if (typeName is not null && type is null)
            faults.Add($"{pointer}/type", "node.unknown_type", $"There is no node type '{typeName}'; known are {string.Join(", ", NodeTypes.All.Keys)}.", map["type"]);
        var settings = fields.Map("settings", required: false) ?? new DocumentMap([], map.Line, map.Column);
        if (type is not null)
            SettingRules.Check(settings, type.Settings, $"{pointer}/settings", faults);
        var perItem = (type?.Settings ?? []).Where(f => f.PerItem && settings[f.Name] is not null).Select(f => f.Name).ToArray();
        var template = WorkflowReader.CompileTemplate(type == NodeTypes.Foreach ? settings.Without([.. perItem, BodyMember]) : settings.Without(perItem), $"{pointer}/settings", faults);
        var itemTemplates = perItem.Select(name => KeyValuePair.Create(name, WorkflowReader.CompileTemplate(settings[name]!, $"{pointer}/settings/{name}", faults))).ToArray();
        var when = map["when"] is { } whenNode ? WorkflowReader.CompileTemplate(whenNode, $"{pointer}/when", faults) : null;
        var node = new Node(index, id ?? "", type ?? NodeTypes.Transform, template ?? Template.Compile(CelValue.Null).Value, settings.ToValue())
        {
            Ports = type is null ? [] : [.. PortNames(settings, type), .. type.Ports],
            PerItem = itemTemplates.Where(t => t.Value is not null).ToDictionary(t => t.Key, t => t.Value!, StringComparer.Ordinal),
            KeyValues = KeyValueNames(itemTemplates.Select(t => t.Value).Append(template).Append(when)),
            Timeout = fields.Duration("timeout"),
            Retry = ReadRetry(map["retry"], $"{pointer}/retry"),
            OnError = fields.Choice<OnError>("on_error") ?? OnError.Fail,
            OnUnknown = fields.Choice<OnUnknown>("on_unknown") ?? OnUnknown.Retry,
            When = when,
            Sensitive = fields.Pointers("sensitive"),
            Note = fields.Text("note", required: false, max: WorkflowLimits.NoteCharacters),
            Pointer = pointer,
        };
        if (map["on_unknown"] is { } policy && type is not null && type.Behaviour != NodeBehaviour.Effect)
            faults.Add($"{pointer}/on_unknown", "node.on_unknown", $"'{type.Name}' does nothing outside whose outcome could be unknown.", policy);
        var body = type == NodeTypes.Foreach ? ReadLoop(map, settings, node, depth) : null;
        // A node whose id or type is wrong would only bring faults that follow from that one.
        return id is null || isDuplicate || type is null || template is null ? null : new PlacedNode(node with { Body = body?.Graph }, map, pointer, body);
    }

    private static string[] KeyValueNames(IEnumerable<Template?> templates) =>
        [.. templates.OfType<Template>().SelectMany(t => t.Programs).SelectMany(p => p.LiteralCalls("kv")).Distinct(StringComparer.Ordinal)];

    private static IEnumerable<string> PortNames(DocumentMap settings, NodeType type) =>
        type.PortsFrom is { } setting && settings[setting] is DocumentList list
            ? list.Items.OfType<DocumentScalar>().Where(i => i.Value.Kind == CelKind.String).Select(i => i.Value.AsString)
            : [];

    private RetryPolicy ReadRetry(DocumentNode? node, string pointer)
    {
        if (node is null)
            return RetryPolicy.None;
        if (node is not DocumentMap map)
        {
            faults.Add(pointer, "type", "retry is a map.", node);
            return RetryPolicy.None;
        }
        var fields = new MemberReader(map, pointer, faults);
        fields.RefuseUnknown(RetryMembers);
        var standard = RetryPolicy.Default;
        return new RetryPolicy(
            (int)(fields.Integer("attempts", false, 1, 20) ?? standard.Attempts),
            fields.Duration("initial") ?? standard.Initial,
            fields.Number("factor", 1, 10) ?? standard.Factor,
            fields.Duration("max") ?? standard.Max,
            fields.Boolean("jitter") ?? standard.Jitter);
    }

    private List<Edge> ReadEdges(DocumentList? list, List<PlacedNode> nodes, string place)
    {
        var edges = new List<Edge>();
        if (list is null)
            return edges;
        if (list.Items.Count > WorkflowLimits.Edges)
        {
            faults.Add(place, "edges.too_many", $"A workflow has at most {WorkflowLimits.Edges} edges.", list);
            return edges;
        }
        var byId = nodes.ToDictionary(n => n.Node.Id, StringComparer.Ordinal);
        var seen = new HashSet<Edge>();
        for (var i = 0; i < list.Items.Count; i++)
        {
            var pointer = $"{place}/{i}";
            if (list.Items[i] is not DocumentMap map)
            {
                faults.Add(pointer, "type", "An edge is a map.", list.Items[i]);
                continue;
            }
            var fields = new MemberReader(map, pointer, faults);
            fields.RefuseUnknown(["from", "port", "to"]);
            var from = End("from");
            var to = End("to");
            var port = fields.Text("port", required: false, max: WorkflowLimits.PortCharacters);
            if (from is null || to is null)
                continue;
            if (ResolvePort(from.Node, port, map, pointer) is { } resolved)
            {
                var edge = new Edge(from.Node.Index, resolved, to.Node.Index);
                if (seen.Add(edge))
                    edges.Add(edge);
                else
                    faults.Add(pointer, "edge.duplicate", "The same edge stands above.", map);
            }

            PlacedNode? End(string member)
            {
                var id = fields.Text(member, required: true, max: 50);
                if (id is null)
                    return null;
                if (byId.TryGetValue(id, out var node))
                    return node;
                faults.Add($"{pointer}/{member}", "edge.unknown_node", $"There is no valid node '{id}'.", map[member]);
                return null;
            }
        }
        return edges;
    }

    private string? ResolvePort(Node from, string? port, DocumentMap edge, string pointer)
    {
        if (port is null && from.Ports.Count == 1)
            return from.Ports[0];
        if (port is not null && (from.Ports.Contains(port) || (port == NodeType.ErrorPort && from.OnError == OnError.Error)))
            return port;
        IEnumerable<string> ports = from.OnError == OnError.Error ? [.. from.Ports, NodeType.ErrorPort] : from.Ports;
        faults.Add($"{pointer}/port", "edge.port", ports.Any() ? $"An edge leaves '{from.Id}' by one of the ports {string.Join(", ", ports)}." : $"No edge leaves '{from.Id}'.", edge["port"] ?? edge);
        return null;
    }
}
