using Fluxgate.Core.Expressions;

namespace Fluxgate.Core.Workflows.Reading;

/// <summary>What holds for a graph as a whole: no cycle, and expressions that name only steps that come before.</summary>
internal sealed class GraphRules(PlacedGraph graph, DocumentFaults faults, GraphRules.Around? around = null)
{
    private static readonly HashSet<string> KnownVariables = new(StringComparer.Ordinal) { "trigger", "steps", "vars", "run", "now" };

    private static readonly HashSet<string> ItemVariables = new(StringComparer.Ordinal) { "item", "index" };

    /// <summary>Of a loop's body: the steps before the loop, and all others outside it.</summary>
    internal sealed record Around(IReadOnlySet<string> Before, IReadOnlySet<string> All);

    private readonly IReadOnlyList<PlacedNode> nodes = graph.Nodes;

    public void Check()
    {
        var order = TopologicalOrder();
        if (order is null)
        {
            faults.Add($"{graph.Pointer}/edges", "graph.cycle", "The edges make a cycle; a workflow only goes forward.", graph.Map["edges"] ?? graph.Map);
            return;
        }
        var ancestors = Ancestors(order);
        foreach (var node in nodes)
        {
            CheckReferences(node.Node.Settings, $"{node.Pointer}/settings", node.Map["settings"] ?? node.Map, ancestors[node.Node.Index], node.Node.Id);
            foreach (var (name, template) in node.Node.PerItem)
                CheckReferences(template, $"{node.Pointer}/settings/{name}", (node.Map["settings"] as DocumentMap)?[name] ?? node.Map, ancestors[node.Node.Index], node.Node.Id, ItemVariables);
            if (node.Node.When is { } when)
                CheckReferences(when, $"{node.Pointer}/when", node.Map["when"]!, ancestors[node.Node.Index], node.Node.Id);
            KeyValueRules.Check(node, faults);
            if (node.Node.Type == NodeTypes.Delay && (node.Map["settings"] is not DocumentMap settings || settings["for"] is null == settings["until"] is null))
                faults.Add($"{node.Pointer}/settings", "delay.when", "A delay has either 'for' or 'until'.", node.Map["settings"] ?? node.Map);
            if (node.Body is { Nodes.Count: > 0 } body)
                new GraphRules(body, faults, AroundBody(ancestors[node.Node.Index])).Check();
        }
        if (graph.Graph.Output is { } output)
            CheckReferences(output, $"{graph.Pointer}/output", graph.Map["output"]!, [.. Enumerable.Range(0, nodes.Count)], null);
    }

    private Around AroundBody(HashSet<int> before) => new(
        new HashSet<string>([.. around?.Before ?? new HashSet<string>(), .. before.Select(i => nodes[i].Node.Id)], StringComparer.Ordinal),
        new HashSet<string>([.. around?.All ?? new HashSet<string>(), .. nodes.Select(n => n.Node.Id)], StringComparer.Ordinal));

    private void CheckReferences(Template template, string pointer, DocumentNode at, HashSet<int> available, string? self, HashSet<string>? more = null)
    {
        if (around is not null)
            more = ItemVariables;
        foreach (var program in template.Programs)
        {
            foreach (var variable in program.Variables.Where(v => !KnownVariables.Contains(v) && more?.Contains(v) != true))
                faults.Add(pointer, "expression.unknown_name", $"'{variable}' is no name of an expression; known are {string.Join(", ", [.. KnownVariables, .. more ?? []])}.", at);
            foreach (var function in program.UnknownFunctions)
                faults.Add(pointer, "expression.unknown_function", $"'{function}' is no function of an expression here.", at);
            foreach (var name in program.LiteralCalls("kv"))
                if (KeyValueRules.Fault(name, self is not null) is var (code, message))
                    faults.Add(pointer, code, message, at);
            if (program.ReferencesWhole("steps"))
                faults.Add(pointer, "expression.dynamic_step", "A step is named as it stands (steps.name), so that what an expression needs is known before it runs.", at);
            foreach (var step in program.References("steps"))
            {
                var target = nodes.FirstOrDefault(n => n.Node.Id == step);
                if (around?.Before.Contains(step) == true)
                    continue;
                if (target is null && around?.All.Contains(step) == true)
                    faults.Add(pointer, "expression.later_step", $"steps.{step}: no path leads from '{step}' to the loop.", at);
                else if (target is null)
                    faults.Add(pointer, "expression.unknown_step", $"steps.{step}: there is no node '{step}'.", at);
                else if (!available.Contains(target.Node.Index))
                    faults.Add(pointer, "expression.later_step", $"steps.{step}: no path leads from '{step}' to {(self is null ? "the output" : $"'{self}'")}.", at);
            }
        }
    }

    /// <summary>Kahn's order; null if there is a cycle.</summary>
    private List<int>? TopologicalOrder()
    {
        var open = graph.Graph.Incoming.Select(e => e.Count).ToArray();
        var ready = new Queue<int>(Enumerable.Range(0, open.Length).Where(i => open[i] == 0));
        var order = new List<int>();
        while (ready.TryDequeue(out var node))
        {
            order.Add(node);
            foreach (var edge in graph.Graph.Outgoing[node])
                if (--open[edge.To] == 0)
                    ready.Enqueue(edge.To);
        }
        return order.Count == open.Length ? order : null;
    }

    private HashSet<int>[] Ancestors(List<int> order)
    {
        var ancestors = graph.Graph.Nodes.Select(_ => new HashSet<int>()).ToArray();
        foreach (var node in order)
            foreach (var edge in graph.Graph.Outgoing[node])
            {
                ancestors[edge.To].Add(node);
                ancestors[edge.To].UnionWith(ancestors[node]);
            }
        return ancestors;
    }
}
