using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Organizations;

public sealed record OrganizationResponse(OrganizationId Id, string Slug, string Name, DateTimeOffset CreatedAt);

internal static class GetOrganization
{
    public static async Task<Reply<OrganizationResponse>> Handle(OrganizationCaller caller, Database database, CancellationToken cancel) =>
        await database.As(caller).QueryOne<OrganizationResponse>($"select id, slug, name, created_at from organizations where id = {caller.Organization}", cancel);
}
