using System.Globalization;
using System.Text.RegularExpressions;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows.Reading;

namespace Fluxgate.Core.Workflows;

public enum DocumentFormat
{
    Json,
    Yaml,
}

/// <summary>
/// Reads a workflow document (format 1) and checks everything that can be checked without the organization: structure,
/// settings, expressions, graph. All faults are collected, each with pointer, line and column.
/// </summary>
public static partial class WorkflowReader
{
    [GeneratedRegex("^[a-z][a-z0-9_]{0,49}$")]
    private static partial Regex NodeId();

    private static readonly string[] TopMembers = ["format", "name", "description", "trigger", "vars", "nodes", "edges", "output"];
    private static readonly string[] NodeMembers = ["id", "type", "settings", "timeout", "retry", "on_error", "when", "sensitive", "note"];
    private static readonly string[] RetryMembers = ["attempts", "initial", "factor", "max", "jitter"];

    public static Result<Workflow> Read(string text, DocumentFormat format)
    {
        var faults = new DocumentFaults();
        if (text.Length > WorkflowLimits.Characters)
            faults.Add("", "document.too_large", $"A workflow has at most {WorkflowLimits.Characters} characters.", 1, 1);
        var root = faults.None ? Parse(text, format, faults) : null;
        var workflow = root is null ? null : ReadRoot(root, faults);
        return faults.None ? workflow! : Error.Refused("workflow.invalid", "The workflow has faults; see errors.", faults.All);
    }

    /// <summary>The document as compact JSON with members in the order written; null if the text cannot be parsed.</summary>
    public static string? ToJson(string text, DocumentFormat format)
    {
        var faults = new DocumentFaults();
        var root = Parse(text, format, faults);
        return root is not null && faults.None ? System.Text.Encoding.UTF8.GetString(root.ToValue().ToJson()) : null;
    }

    /// <summary>Line and column (from 1) of what a pointer means, or of the nearest thing around it; null if the text cannot be parsed.</summary>
    public static (int Line, int Column)? PlaceOf(string text, DocumentFormat format, string pointer) =>
        Parse(text, format, new DocumentFaults()) is { } root && Find(root, pointer) is var at ? (at.Line, at.Column) : null;

    private static DocumentNode? Parse(string text, DocumentFormat format, DocumentFaults faults) =>
        format == DocumentFormat.Json ? JsonDocumentReader.Read(text, faults) : YamlDocumentReader.Read(text, faults);

    private static Workflow? ReadRoot(DocumentNode root, DocumentFaults faults)
    {
        if (root is not DocumentMap map)
        {
            faults.Add("", "type", "A workflow is a map.", root);
            return null;
        }
        var fields = new MemberReader(map, "", faults);
        fields.RefuseUnknown(TopMembers);
        if (fields.Integer("format", required: true) is { } format && format != 1)
            faults.Add("/format", "format", "This version reads format 1.", map["format"]);
        var name = fields.Text("name", required: true, max: WorkflowLimits.NameCharacters) ?? "";
        fields.Text("description", required: false, max: WorkflowLimits.NoteCharacters);
        var trigger = ReadTrigger(fields.Map("trigger", required: true), faults);
        var vars = fields.Map("vars", required: false)?.ToValue() ?? CelValue.Map(new Dictionary<string, CelValue>());
        var nodes = ReadNodes(fields.List("nodes", required: true), faults);
        var edges = ReadEdges(fields.List("edges", required: false), nodes, faults);
        var output = map["output"] is { } outputNode ? CompileTemplate(outputNode, "/output", faults) : null;
        if (nodes.Count == 0 || trigger is null)
        {
            if (map["nodes"] is DocumentList { Items.Count: 0 })
                faults.Add("/nodes", "empty", "A workflow has at least one node.", map["nodes"]);
            return null;
        }
        var workflow = new Workflow(name, trigger, vars, [.. nodes.Select(n => n.Node)], edges, output);
        new GraphRules(workflow, nodes, map, faults).Check();
        return workflow;
    }

    private static Trigger? ReadTrigger(DocumentMap? map, DocumentFaults faults)
    {
        if (map is null)
            return null;
        var fields = new MemberReader(map, "/trigger", faults);
        fields.RefuseUnknown(["type", "settings"]);
        var typeName = fields.Text("type", required: true, max: 50);
        if (typeName is null)
            return null;
        if (!TriggerType.All.TryGetValue(typeName, out var type))
        {
            faults.Add("/trigger/type", "trigger.unknown_type", $"There is no trigger of this type; known are {string.Join(", ", TriggerType.All.Keys)}.", map["type"]);
            return null;
        }
        var settings = fields.Map("settings", required: false) ?? new DocumentMap([], map.Line, map.Column);
        SettingRules.Check(settings, type.Settings, "/trigger/settings", faults);
        if (type == TriggerType.Schedule)
            ScheduleRules.Check(settings, faults);
        return new Trigger(type, settings.ToValue());
    }

    private static List<PlacedNode> ReadNodes(DocumentList? list, DocumentFaults faults)
    {
        var nodes = new List<PlacedNode>();
        if (list is null)
            return nodes;
        if (list.Items.Count > WorkflowLimits.Nodes)
        {
            faults.Add("/nodes", "nodes.too_many", $"A workflow has at most {WorkflowLimits.Nodes} nodes.", list);
            return nodes;
        }
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < list.Items.Count; i++)
        {
            var pointer = $"/nodes/{i}";
            if (list.Items[i] is not DocumentMap map)
                faults.Add(pointer, "type", "A node is a map.", list.Items[i]);
            else if (ReadNode(map, nodes.Count, pointer, ids, faults) is { } node)
                nodes.Add(new PlacedNode(node, map, pointer));
        }
        return nodes;
    }

    private static Node? ReadNode(DocumentMap map, int index, string pointer, HashSet<string> ids, DocumentFaults faults)
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
        var template = CompileTemplate(settings.Without(perItem), $"{pointer}/settings", faults);
        var itemTemplates = perItem.Select(name => KeyValuePair.Create(name, CompileTemplate(settings[name]!, $"{pointer}/settings/{name}", faults))).ToArray();
        var when = map["when"] is { } whenNode ? CompileTemplate(whenNode, $"{pointer}/when", faults) : null;
        var node = new Node(index, id ?? "", type ?? NodeTypes.Transform, template ?? Template.Compile(CelValue.Null).Value, settings.ToValue())
        {
            Ports = type is null ? [] : [.. PortNames(settings, type), .. type.Ports],
            PerItem = itemTemplates.Where(t => t.Value is not null).ToDictionary(t => t.Key, t => t.Value!, StringComparer.Ordinal),
            KeyValues = [.. itemTemplates.Select(t => t.Value).Append(template).Append(when).OfType<Template>().SelectMany(t => t.Programs).SelectMany(p => p.LiteralCalls("kv")).Distinct(StringComparer.Ordinal)],
            Timeout = fields.Duration("timeout"),
            Retry = ReadRetry(map["retry"], $"{pointer}/retry", faults),
            OnError = fields.Choice<OnError>("on_error") ?? OnError.Fail,
            When = when,
            Sensitive = fields.Pointers("sensitive"),
            Note = fields.Text("note", required: false, max: WorkflowLimits.NoteCharacters),
        };
        // A node whose id or type is wrong would only bring faults that follow from that one.
        return id is null || isDuplicate || type is null || template is null ? null : node;
    }

    private static IEnumerable<string> PortNames(DocumentMap settings, NodeType type) =>
        type.PortsFrom is { } setting && settings[setting] is DocumentList list
            ? list.Items.OfType<DocumentScalar>().Where(i => i.Value.Kind == CelKind.String).Select(i => i.Value.AsString)
            : [];

    private static RetryPolicy ReadRetry(DocumentNode? node, string pointer, DocumentFaults faults)
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

    private static List<Edge> ReadEdges(DocumentList? list, List<PlacedNode> nodes, DocumentFaults faults)
    {
        var edges = new List<Edge>();
        if (list is null)
            return edges;
        if (list.Items.Count > WorkflowLimits.Edges)
        {
            faults.Add("/edges", "edges.too_many", $"A workflow has at most {WorkflowLimits.Edges} edges.", list);
            return edges;
        }
        var byId = nodes.ToDictionary(n => n.Node.Id, StringComparer.Ordinal);
        var seen = new HashSet<Edge>();
        for (var i = 0; i < list.Items.Count; i++)
        {
            var pointer = $"/edges/{i}";
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
            if (ResolvePort(from.Node, port, map, pointer, faults) is { } resolved)
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

    private static string? ResolvePort(Node from, string? port, DocumentMap edge, string pointer, DocumentFaults faults)
    {
        if (port is null && from.Ports.Count == 1)
            return from.Ports[0];
        if (port is not null && (from.Ports.Contains(port) || (port == NodeType.ErrorPort && from.OnError == OnError.Error)))
            return port;
        IEnumerable<string> ports = from.OnError == OnError.Error ? [.. from.Ports, NodeType.ErrorPort] : from.Ports;
        faults.Add($"{pointer}/port", "edge.port", ports.Any() ? $"An edge leaves '{from.Id}' by one of the ports {string.Join(", ", ports)}." : $"No edge leaves '{from.Id}'.", edge["port"] ?? edge);
        return null;
    }

    private static Template? CompileTemplate(DocumentNode node, string pointer, DocumentFaults faults)
    {
        var compiled = Template.Compile(node.ToValue());
        if (compiled.Error is not { } error)
            return compiled.Value;
        foreach (var fault in error.Fields)
        {
            var at = Find(node, fault.Pointer);
            faults.Add(pointer + fault.Pointer, fault.Code, fault.Message, at);
        }
        return null;
    }

    /// <summary>The place that a pointer below <paramref name="node"/> means.</summary>
    private static DocumentNode Find(DocumentNode node, string pointer)
    {
        foreach (var part in pointer.Split('/').Skip(1))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            var next = node switch
            {
                DocumentMap map => map[name],
                DocumentList list when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i < list.Items.Count => list.Items[i],
                _ => null,
            };
            if (next is null)
                return node;
            node = next;
        }
        return node;
    }
}

/// <summary>A node with its place in the document.</summary>
internal sealed record PlacedNode(Node Node, DocumentMap Map, string Pointer);
