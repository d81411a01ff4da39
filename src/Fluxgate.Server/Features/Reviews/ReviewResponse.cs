using System.Text.Json;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Server.Features.Reviews;

public enum ReviewState
{
    Pending,
    Approved,
    Rejected,
    Expired,
    Cancelled,
}

/// <summary>A review in the inbox.</summary>
public sealed record ReviewSummary(Guid Id, string Title, ReviewState State, RunId RunId, string WorkflowName, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, string? DecidedBy, DateTimeOffset? DecidedAt);

/// <summary>
/// A review with what is shown. <paramref name="ContentSha256"/> (hex, over the canonical JSON of title and content)
/// goes into the decision, which so is bound to what was seen. <paramref name="MayDecide"/>: whether the caller is asked.
/// </summary>
public sealed record ReviewResponse(
    Guid Id, string Title, ReviewState State, RunId RunId, string WorkflowName, string Node, JsonElement Content, string ContentSha256,
    string[] Approvers, bool MayDecide, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, string? DecidedBy, DateTimeOffset? DecidedAt, string? Comment);
