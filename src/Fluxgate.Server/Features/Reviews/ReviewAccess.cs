using System.Text.Json;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.Reviews;

internal sealed record ReviewRow(
    Guid Id, RunId RunId, string WorkflowName, string Node, ReviewState State, byte[] Content, byte[] ContentSha256, string[] Approvers,
    DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? DecidedAt, string? DecidedLabel, byte[]? Comment, bool Reachable);

/// <summary>
/// Which reviews a caller sees and may decide: those that name no approver, that person, or a group of that person.
/// Whoever may read the runs of a workflow sees all of its reviews; a reviewer sees the own ones.
/// </summary>
internal sealed class ReviewAccess(Database database, KeyVault vault)
{
    public async Task<IReadOnlyList<string>> NamesOf(OrganizationCaller caller, CancellationToken cancel)
    {
        if (caller.User is not { } user)
            return [];
        var groups = await database.As(caller).Query<string>($"""
            select g.name from group_members m join groups g on g.organization_id = m.organization_id and g.id = m.group_id
            where m.organization_id = {caller.Organization} and m.user_id = {user}
            """, cancel);
        return [.. groups.Select(g => $"groups:{g}"), $"members:{caller.Actor.Label}"];
    }

    public static bool MayDecide(OrganizationCaller caller, ReviewRow review, IReadOnlyList<string> names) =>
        caller.May(Permissions.ReviewsDecide) && (review.Approvers.Length == 0 || review.Approvers.Intersect(names, StringComparer.OrdinalIgnoreCase).Any());

    public static bool Sees(OrganizationCaller caller, ReviewRow review, IReadOnlyList<string> names) =>
        review.Reachable || MayDecide(caller, review, names);

    /// <summary>Reviews <c>r</c> with their workflows <c>w</c>.</summary>
    public static Sql Selection(OrganizationCaller caller) => $"""
        select r.id, r.run_id, w.name as workflow_name, r.node, r.state, r.content, r.content_sha256, r.approvers, r.created_at, r.expires_at, r.decided_at, r.decided_label, r.comment,
               {ReachesRuns(caller)} as reachable
        from reviews r join workflows w on w.organization_id = r.organization_id and w.id = r.workflow_id
        """;

    /// <summary>Whether the caller may read the runs of the workflow <c>w</c>.</summary>
    public static Sql ReachesRuns(OrganizationCaller caller) => $"({caller.May(Permissions.RunsRead)} and {Reach.Workflows(caller, Permissions.RunsRead, Right.View)})";

    public Task<ReviewRow?> Find(OrganizationCaller caller, Guid id, CancellationToken cancel) =>
        database.As(caller).QueryOptional<ReviewRow>($"""
            {Selection(caller)}
            where r.organization_id = {caller.Organization} and r.id = {id}
            """, cancel);

    /// <summary>Title and content as they were asked.</summary>
    public async Task<(string Title, JsonElement Content)> Open(OrganizationCaller caller, ReviewRow review, CancellationToken cancel)
    {
        var cipher = await vault.For(caller.Organization, cancel);
        using var document = JsonDocument.Parse(cipher.Open(SealedField.ReviewContent, review.Id, review.Content));
        return (document.RootElement.GetProperty("title").GetString()!, document.RootElement.GetProperty("content").Clone());
    }

    public async Task<string?> Comment(OrganizationCaller caller, ReviewRow review, CancellationToken cancel) => review.Comment is { } comment
        ? System.Text.Encoding.UTF8.GetString((await vault.For(caller.Organization, cancel)).Open(SealedField.ReviewComment, review.Id, comment))
        : null;
}
