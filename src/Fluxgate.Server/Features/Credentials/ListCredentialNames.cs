using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Connections;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.Credentials;

/// <summary>What whoever makes connectors and workflows needs of a credential that they may use and perhaps not see.</summary>
public sealed record CredentialName(Guid Id, string Name, CredentialType Type);

internal static class ListCredentialNames
{
    /// <summary>Those that the caller may name in connectors and workflows.</summary>
    public static async Task<Reply<Page<CredentialName>>> Handle(OrganizationCaller caller, PageQuery page, Database database, CancellationToken cancel)
    {
        var rows = await database.As(caller).Query<CredentialName>($"""
            select k.id, k.name, k.type from credentials k
            where k.organization_id = {caller.Organization} and {Reach.Credentials(caller, Right.Use)} and k.id > {page.After}
            order by k.id
            limit {page.Limit + 1}
            """, cancel);
        return Page<CredentialName>.Of(rows, page.Limit, c => c.Id);
    }
}
