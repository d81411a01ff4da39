using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Members;

/// <summary>An organization has an owner at all times.</summary>
internal static class Owners
{
    public static readonly Error LastOwner = Error.Conflict("member.last_owner", "An organization keeps at least one owner; make another one first.");

    /// <summary>The owners, locked in one order: two owners who step down at once are one after the other.</summary>
    public static Task<IReadOnlyList<UserId>> Lock(Transaction transaction, OrganizationId organization, CancellationToken cancel) => transaction.Query<UserId>($"""
        select user_id from members where organization_id = {organization} and {BuiltInRoles.Owner} = any (roles) order by user_id for update
        """, cancel);

    public static bool IsLast(IReadOnlyList<UserId> owners, UserId member) => owners.Count == 1 && owners[0] == member;
}
