using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;
using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.Workflows;

public enum WorkflowState
{
    Draft,
    Published,
    Paused,
    Archived,
}

/// <summary>
/// A workflow in a list. <paramref name="HasDraft"/>: there are changes that are not published. <paramref name="NextRunAt"/>
/// is when its schedule starts it; null without one, and while it is paused.
/// </summary>
public sealed record WorkflowSummary(
    WorkflowId Id, string Name, WorkflowState State, int? PublishedVersion, bool HasDraft, int Revision, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    DateTimeOffset? NextRunAt, Guid? FolderId);

/// <summary>
/// A workflow with the text of its draft, or of its published version if there is no draft. <paramref name="NextRunAt"/> is
/// when its schedule starts it; null without one, and while it is paused. <paramref name="Rights"/> are the caller's own on it.
/// <paramref name="Poll"/> is how its feed or
/// mailbox stands; null without one.
/// </summary>
public sealed record WorkflowResponse(
    WorkflowId Id, string Name, WorkflowState State, int? PublishedVersion, bool HasDraft, int Revision, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    DateTimeOffset? NextRunAt, Guid? FolderId, IReadOnlyList<Right> Rights, PollStatus? Poll, string Document, DocumentFormat Format);

/// <summary>
/// When a feed or mailbox was looked into last, and when next; null while it is paused. <paramref name="Failures"/> in a row
/// make the looks rarer; <paramref name="ErrorCode"/> and <paramref name="Error"/> are of the last, null if it went well.
/// </summary>
public sealed record PollStatus(DateTimeOffset? LookedAt, DateTimeOffset? NextLookAt, int Failures, string? ErrorCode, string? Error);

/// <summary>A workflow document as text, in JSON or YAML.</summary>
public sealed record WorkflowDocumentRequest(string Document, DocumentFormat Format);

/// <summary>A new workflow, in a folder or in none.</summary>
public sealed record CreateWorkflowRequest(string Document, DocumentFormat Format, Guid? FolderId = null);
