using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Anomalies;

/// <summary>What came of it, in up to 1000 characters; it is shown and audited.</summary>
public sealed record AcknowledgeAnomalyRequest(string? Note = null);

internal static class AcknowledgeAnomaly
{
    private const int LongestNote = 1000;

    /// <summary>The key stays as it is: to restore it is a request of its own, with a permission of its own. Acknowledging twice changes nothing.</summary>
    public static async Task<Reply<AnomalyResponse>> Handle(
        Guid id, AcknowledgeAnomalyRequest request, OrganizationCaller caller, Database database, AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        if (new Checks().Text(request.Note ?? "", "/note", 0, LongestNote).Error() is { } invalid)
            return invalid;
        var note = string.IsNullOrWhiteSpace(request.Note) ? null : request.Note;
        return await database.As(caller).Attempt<AnomalyResponse>(async transaction =>
        {
            var changed = await transaction.Execute($"""
                update anomalies set acknowledged_at = {clock.GetUtcNow()}, acknowledged_by = {caller.Actor.Id}, acknowledger = {caller.Actor.Label}, note = {note}
                where organization_id = {caller.Organization} and id = {id} and acknowledged_at is null
                """, cancel);
            if (await transaction.QueryOptional<AnomalyRow>($"{AnomalyRow.Of(caller.Organization)} and a.id = {id}", cancel) is not { } row)
                return Error.NotFound("anomaly");
            if (changed > 0)
                await audit.Append(transaction, caller.Organization, new AuditEntry("anomaly.acknowledged", "update", caller.Actor, new AuditResource("anomaly", id, row.SubjectName))
                {
                    Details = JsonConventions.Object(new { row.Kind, row.SubjectId, note }),
                }, cancel);
            return row.ToResponse();
        }, cancel);
    }
}
