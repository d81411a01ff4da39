using Fluxgate.Core.Kernel;

namespace Fluxgate.Engine.KeyValues;

/// <summary>Where an entry lives: in one workflow or in the whole organization. Text form: <c>organization</c>, <c>workflow:{id}</c>.</summary>
public readonly record struct KvScope
{
    private const string OrganizationText = "organization";
    private const string WorkflowText = "workflow:";

    private KvScope(WorkflowId? workflow) => Workflow = workflow;

    /// <summary>The scope that every workflow of the organization reads.</summary>
    public static KvScope Organization { get; }

    /// <summary>The workflow; null for the organization.</summary>
    public WorkflowId? Workflow { get; }

    public static KvScope Of(WorkflowId workflow) => new(workflow);

    public static bool TryParse(string text, out KvScope scope)
    {
        scope = Organization;
        if (text == OrganizationText)
            return true;
        if (!text.StartsWith(WorkflowText, StringComparison.Ordinal) || !WorkflowId.TryParse(text[WorkflowText.Length..], out var workflow))
            return false;
        scope = Of(workflow);
        return true;
    }

    public override string ToString() => Workflow is { } workflow ? $"{WorkflowText}{workflow}" : OrganizationText;
}
