using System.Globalization;
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
public static class WorkflowReader
{
    private static readonly string[] TopMembers = ["format", "name", "description", "trigger", "timeout", "max_concurrent_runs", "error_workflow", "vars", "nodes", "edges", "output"];

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
        var timeout = fields.Duration("timeout");
        var concurrentRuns = (int?)fields.Integer("max_concurrent_runs", required: false, 1, WorkflowLimits.ConcurrentRuns);
        var errorWorkflow = fields.Text("error_workflow", required: false, max: WorkflowLimits.NameCharacters);
        var graph = new GraphReader(faults).Read(map, "");
        if (graph is null || trigger is null)
            return null;
        var workflow = new Workflow(name, trigger, vars, graph.Graph) { Timeout = timeout, MaxConcurrentRuns = concurrentRuns, ErrorWorkflow = errorWorkflow };
        new GraphRules(graph, faults).Check();
        if (trigger.Type == TriggerType.Webhook)
            WebhookRules.Check(workflow, map, faults);
        return workflow;
    }

    private static Trigger? ReadTrigger(DocumentMap? map, DocumentFaults faults)
    {
        if (map is null)
            return null;
        var fields = new MemberReader(map, "/trigger", faults);
        fields.RefuseUnknown(["type", "settings", "sensitive"]);
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
        PollRules.Check(settings, faults);
        return new Trigger(type, settings.ToValue()) { Sensitive = fields.Pointers("sensitive") };
    }

    internal static Template? CompileTemplate(DocumentNode node, string pointer, DocumentFaults faults)
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
