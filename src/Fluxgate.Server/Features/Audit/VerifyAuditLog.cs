using Fluxgate.Data.Audit;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Audit;

/// <summary>The first entry that fails; <paramref name="Index"/> is null for an event that is at no place of the sealed log.</summary>
public sealed record AuditFailureResponse(long? Index, Guid? EventId, string Step, string Fault);

/// <summary>
/// <paramref name="Events"/> recorded, <paramref name="Sealed"/> entries in the log, <paramref name="Pending"/> events
/// that wait to be sealed, <paramref name="Verified"/> entries that hold, counted from the first.
/// </summary>
public sealed record AuditLogVerificationResponse(bool Valid, long Events, long Sealed, long Pending, long Verified, AuditFailureResponse? FirstFailure);

internal static class VerifyAuditLog
{
    public static async Task<Reply<AuditLogVerificationResponse>> Handle(OrganizationCaller caller, AuditVerifier verifier, CancellationToken cancel)
    {
        var log = await verifier.VerifyAll(caller.Organization, cancel);
        return new AuditLogVerificationResponse(
            log.Valid, log.Events, log.Sealed, log.Pending, log.Checked,
            log.FirstFailure is { } f ? new AuditFailureResponse(f.Index, f.EventId, f.Step, f.Fault) : null);
    }
}
