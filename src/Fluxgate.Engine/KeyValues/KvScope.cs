using Fluxgate.Core.Kernel;

namespace Fluxgate.Engine.KeyValues;

/// <summary>Where an entry lives: in one workflow, in a folder of workflows or in the whole organization. Text form: <c>organization</c>, <c>folder:{id}</c>, <c>workflow:{id}</c>.</summary>
public readonly record struct KvScope
{
    private const string OrganizationText = "organization";
    private const string FolderText = "folder:";
    private const string WorkflowText = "workflow:";

    private KvScope(WorkflowId? workflow, Guid? folder) => (Workflow, Folder) = (workflow, folder);

    /// <summary>The scope that every workflow of the organization reads.</summary>
    public static KvScope Organization { get; }

    /// <summary>The workflow; null for a folder and for the organization.</summary>
    public WorkflowId? Workflow { get; }

    /// <summary>The folder; null for a workflow and for the organization.</summary>
    public Guid? Folder { get; }

    public static KvScope Of(WorkflowId workflow) => new(workflow, null);

    public static KvScope OfFolder(Guid folder) => new(null, folder);

    public static bool TryParse(string text, out KvScope scope)
    {
        scope = Organization;
        if (text == OrganizationText)
            return true;
        if (text.StartsWith(WorkflowText, StringComparison.Ordinal) && WorkflowId.TryParse(text[WorkflowText.Length..], out var workflow))
            scope = Of(workflow);
        else if (text.StartsWith(FolderText, StringComparison.Ordinal) && Guid.TryParseExact(text[FolderText.Length..], "D", out var folder))
            scope = OfFolder(folder);
        else
            return false;
        return true;
    }

    public override string ToString() => Workflow is { } workflow ? $"{WorkflowText}{workflow}" : Folder is { } folder ? $"{FolderText}{folder}" : OrganizationText;
}
