using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Reviews;

internal static class GetReview
{
    internal static readonly Error NotFound = Error.NotFound("review");

    /// <summary>What is to be decided; reading it is an audit event.</summary>
    public static async Task<Reply<ReviewResponse>> Handle(OrganizationCaller caller, Guid id, ReviewAccess access, Database database, AuditLog audit, CancellationToken cancel)
    {
        var names = await access.NamesOf(caller, cancel);
        if (await access.Find(caller, id, cancel) is not { } row || !ReviewAccess.Sees(caller, row, names))
            return NotFound;
        await database.As(caller).Transact(transaction => audit.Append(
            transaction, caller.Organization, new AuditEntry("review.read", "read", caller.Actor, new AuditResource("review", id, null)), cancel), cancel);
        return await Response(caller, row, names, access, cancel);
    }

    internal static async Task<ReviewResponse> Response(OrganizationCaller caller, ReviewRow row, IReadOnlyList<string> names, ReviewAccess access, CancellationToken cancel)
    {
        var (title, content) = await access.Open(caller, row, cancel);
        return new ReviewResponse(
            row.Id, title, row.State, row.RunId, row.WorkflowName, row.Node, content, Convert.ToHexStringLower(row.ContentSha256), row.Approvers,
            row.State == ReviewState.Pending && ReviewAccess.MayDecide(caller, row, names), row.CreatedAt, row.ExpiresAt, row.DecidedLabel, row.DecidedAt,
            await access.Comment(caller, row, cancel));
    }
}
