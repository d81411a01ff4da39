using System.Text;
using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Engine.Deliveries;
using Fluxgate.Engine.Runs;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Reviews;

public enum ReviewVerdict
{
    Approve,
    Reject,
}

/// <summary><paramref name="ContentSha256"/> is the hash that the review showed: a decision about anything else is refused.</summary>
public sealed record DecisionRequest(ReviewVerdict Decision, string ContentSha256, string? Comment = null);

internal static class DecideReview
{
    private const int CommentCharacters = 2000;

    private static readonly Error Decided = Error.Conflict("review.decided", "The review is decided, expired or cancelled already.");
    private static readonly Error NotAsked = new("review.not_asked", ErrorKind.Forbidden, "The review asks other people.");
    private static readonly Error OtherContent = Error.Conflict("review.other_content", "The decision names another content than the review shows; read it again.");

    public static async Task<Reply<ReviewResponse>> Handle(
        OrganizationCaller caller, Guid id, DecisionRequest request, ReviewAccess access, Database database, KeyVault vault, RunSignals signals, RunHost runs,
        DeliverySignal deliveries, AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        if (request.Comment is not null && new Checks().Text(request.Comment, "/comment", 0, CommentCharacters).Error() is { } invalid)
            return invalid;
        var names = await access.NamesOf(caller, cancel);
        if (await access.Find(caller, id, cancel) is not { } row || !ReviewAccess.Sees(caller, row, names))
            return GetReview.NotFound;
        if (!ReviewAccess.MayDecide(caller, row, names))
            return NotAsked;
        if (!string.Equals(request.ContentSha256, Convert.ToHexStringLower(row.ContentSha256), StringComparison.OrdinalIgnoreCase))
            return OtherContent;

        var cipher = await vault.For(caller.Organization, cancel);
        var decided = await database.As(caller).Transact(transaction => Decide(transaction, caller, row, request, cipher, signals, audit, clock, cancel), cancel);
        if (decided.Error is { } refused)
            return refused;
        deliveries.Raise();
        await runs.Wake(caller.Organization, row.RunId, cancel);
        return await GetReview.Response(caller, (await access.Find(caller, id, cancel))!, names, access, cancel);
    }

    /// <summary>Decision, signal to the run, event for webhooks and audit are one transaction: of two decisions at once one wins whole.</summary>
    private static async Task<Result<Done>> Decide(
        Transaction transaction, OrganizationCaller caller, ReviewRow row, DecisionRequest request, OrganizationCipher cipher,
        RunSignals signals, AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        var approved = request.Decision == ReviewVerdict.Approve;
        var state = approved ? ReviewState.Approved : ReviewState.Rejected;
        var now = clock.GetUtcNow();
        var comment = request.Comment is { Length: > 0 } text ? cipher.Seal(SealedField.ReviewComment, row.Id, Encoding.UTF8.GetBytes(text)) : null;
        if (await transaction.Execute($"""
            update reviews set state = {state}, decided_at = {now}, decided_by = {caller.User?.Value ?? caller.ApiKey}, decided_label = {caller.Actor.Label}, comment = {comment}
            where organization_id = {caller.Organization} and id = {row.Id} and state = 'pending' and (expires_at is null or expires_at > {now})
            """, cancel) == 0)
            return Decided;
        await signals.Send(transaction, caller.Organization, row.RunId, new ReviewDecided(row.Id, approved, caller.Actor.Label, request.Comment), cancel);

        var type = approved ? "review.approved" : "review.rejected";
        await Outbox.Add(transaction, caller.Organization, cipher, type, new JsonObject
        {
            ["review_id"] = row.Id.ToString(),
            ["run_id"] = row.RunId.ToString(),
            ["decided_by"] = caller.Actor.Label,
        }, clock, cancel);
        await audit.Append(transaction, caller.Organization, new AuditEntry(type, "decide", caller.Actor, new AuditResource("review", row.Id, null))
        {
            Details = new JsonObject { ["run_id"] = row.RunId.ToString(), ["content_sha256"] = Convert.ToHexStringLower(row.ContentSha256) },
        }, cancel);
        return new Done();
    }
}
