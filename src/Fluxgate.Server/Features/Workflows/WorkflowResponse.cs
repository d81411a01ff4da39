using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;

namespace Fluxgate.Server.Features.Workflows;

public enum WorkflowState
{
    Draft,
    Published,
    Paused,
    Archived,
}

/// <summary>A workflow in a list. <paramref name="HasDraft"/>: there are changes that are not published.</summary>
public sealed record WorkflowSummary(
    WorkflowId Id, string Name, WorkflowState State, int? PublishedVersion, bool HasDraft, int Revision, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>A workflow with the text of its draft, or of its published version if there is no draft.</summary>
public sealed record WorkflowResponse(
    WorkflowId Id, string Name, WorkflowState State, int? PublishedVersion, bool HasDraft, int Revision, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    string Document, DocumentFormat Format);

/// <summary>A workflow document as text, in JSON or YAML.</summary>
public sealed record WorkflowDocumentRequest(string Document, DocumentFormat Format);
