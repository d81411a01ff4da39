using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Groups;

internal sealed record GroupRow(string Name, string[] Roles)
{
    public static Task<GroupRow?> Lock(Transaction transaction, OrganizationCaller caller, Guid id, CancellationToken cancel) => transaction.QueryOptional<GroupRow>($"""
        select name, roles from groups where organization_id = {caller.Organization} and id = {id} for update
        """, cancel);

    /// <summary>Who joins a group may do what grants to it say, so it takes who reaches everything to say who joins.</summary>
    public static async Task<Error?> GrantsBeyond(Transaction transaction, OrganizationCaller caller, Guid id, CancellationToken cancel) =>
        !caller.May(Permissions.ResourcesAll) && await transaction.QueryOne<bool>($"select exists (select from grants where organization_id = {caller.Organization} and subject_id = {id})", cancel)
            ? new Error("group.grants_beyond_own", ErrorKind.Forbidden, "Grants name this group; who joins it may do what they allow, which takes the permission resources:all.")
            : null;
}
