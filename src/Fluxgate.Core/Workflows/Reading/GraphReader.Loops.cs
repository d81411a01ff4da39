using Fluxgate.Core.Expressions;

namespace Fluxgate.Core.Workflows.Reading;

/// <summary>Loops: a body in the document, or one of a single step that calls a workflow.</summary>
internal sealed partial class GraphReader
{
    /// <summary>The step of an item whose loop names a workflow.</summary>
    private const string CallingStep = "call";

    private PlacedGraph? ReadLoop(DocumentMap map, DocumentMap settings, Node loop, int depth)
    {
        var pointer = $"{loop.Pointer}/settings";
        if (settings["workflow"] is null == settings[BodyMember] is null)
        {
            faults.Add(pointer, "foreach.body", "A loop has either 'workflow' or 'body'.", settings);
            return null;
        }
        if (settings["workflow"] is not null)
            return Calling(settings, loop);
        foreach (var member in (string[])["retry", "timeout"])
            if (map[member] is { } misplaced)
                faults.Add($"{loop.Pointer}/{member}", "foreach.member", $"A loop with a body has no '{member}'; the nodes of its body may have one.", misplaced);
        if (settings["input"] is { } input)
            faults.Add($"{pointer}/input", "foreach.input", "'input' is for 'workflow'; the nodes of a body see 'item'.", input);
        if (settings[BodyMember] is not DocumentMap body)
            return null;
        if (depth == WorkflowLimits.LoopDepth)
        {
            faults.Add($"{pointer}/body", "foreach.too_deep", $"Loops stand at most {WorkflowLimits.LoopDepth} within each other.", body);
            return null;
        }
        new MemberReader(body, $"{pointer}/body", faults).RefuseUnknown(["nodes", "edges", "output"]);
        return Read(body, $"{pointer}/body", depth + 1);
    }

    /// <summary>A body of one step. What the loop says of attempts and time is said of each call.</summary>
    private static PlacedGraph Calling(DocumentMap settings, Node loop)
    {
        var input = settings["input"]?.ToValue() ?? CelValue.From("{{ item }}");
        var call = CelValue.Map(("workflow", settings["workflow"]!.ToValue()), ("input", input));
        // Expressions with faults were reported where the input stands.
        var template = Template.Compile(call) is { Succeeded: true, Value: var compiled } ? compiled : Template.Compile(CelValue.Null).Value;
        var node = new Node(0, CallingStep, NodeTypes.Workflow, template, call) { KeyValues = KeyValueNames([template]), Retry = loop.Retry, Timeout = loop.Timeout, Pointer = loop.Pointer };
        var output = Template.Compile(CelValue.From($"{{{{ steps.{CallingStep}.output }}}}")).Value;
        return new PlacedGraph(new Graph([node], [], output), [], settings, loop.Pointer);
    }
}
