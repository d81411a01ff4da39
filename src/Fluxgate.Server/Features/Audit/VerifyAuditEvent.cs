using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Audit;

/// <summary>One check: <c>content</c>, <c>leaf</c> or <c>chain</c>. <paramref name="Fault"/> says what does not hold; null if it holds.</summary>
public sealed record AuditStepResponse(string Name, bool Holds, string? Fault);

/// <summary><paramref name="Pending"/>: recorded, and not sealed yet, so that there is no link to check.</summary>
public sealed record AuditEventVerificationResponse(Guid Id, bool Valid, bool Pending, long? Index, IReadOnlyList<AuditStepResponse> Steps);

internal static class VerifyAuditEvent
{
    public static async Task<Reply<AuditEventVerificationResponse>> Handle(Guid id, OrganizationCaller caller, AuditVerifier verifier, CancellationToken cancel) =>
        await verifier.Verify(caller.Organization, id, cancel) is { } verified
            ? new AuditEventVerificationResponse(id, verified.Valid, verified.Pending, verified.Index, [.. verified.Steps.Select(s => new AuditStepResponse(s.Name, s.Holds, s.Fault))])
            : Error.NotFound("audit_event");
}
