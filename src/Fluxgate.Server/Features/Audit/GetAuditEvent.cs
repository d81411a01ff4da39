using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Audit;

internal static class GetAuditEvent
{
    public static async Task<Reply<AuditEventResponse>> Handle(Guid id, OrganizationCaller caller, AuditQueries audit, CancellationToken cancel) =>
        await audit.Get(caller.Organization, id, cancel) is { } found ? AuditEventResponse.From(found) : Error.NotFound("audit_event");
}
