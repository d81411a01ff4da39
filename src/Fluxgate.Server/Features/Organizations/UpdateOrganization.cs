using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Organizations;

public sealed record UpdateOrganizationRequest(string Name);

internal static class UpdateOrganization
{
    public static async Task<Reply<OrganizationResponse>> Handle(
        UpdateOrganizationRequest request, OrganizationCaller caller, Database database, AuditLog audit, CancellationToken cancel)
    {
        if (new Checks().Text(request.Name, "/name", 1, 200).Error() is { } invalid)
            return invalid;
        return await database.As(caller).Transact(async transaction =>
        {
            var before = await transaction.QueryOne<OrganizationResponse>($"select id, slug, name, created_at from organizations where id = {caller.Organization} for update", cancel);
            await transaction.Execute($"update organizations set name = {request.Name} where id = {caller.Organization}", cancel);
            await audit.Append(transaction, caller.Organization, new AuditEntry("organization.updated", "update", caller.Actor, new AuditResource("organization", before.Id.Value, request.Name))
            {
                Before = JsonConventions.Object(new { before.Name }),
                After = JsonConventions.Object(new { request.Name }),
            }, cancel);
            return before with { Name = request.Name };
        }, cancel);
    }
}
