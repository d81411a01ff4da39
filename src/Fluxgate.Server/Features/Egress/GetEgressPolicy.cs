using Fluxgate.Data.Sessions;
using Fluxgate.Egress;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Egress;

/// <summary>
/// What the organization lets its own calls reach; it takes away from what the installation allows and never adds.
/// <paramref name="Allow"/> counts in the mode allow_list. <paramref name="InstallationMode"/> is what holds for everybody.
/// </summary>
public sealed record EgressPolicyResponse(EgressMode Mode, IReadOnlyList<string> Allow, EgressMode InstallationMode, int Version);

internal sealed record EgressPolicyRow(EgressMode Mode, string[] Allow, int Version) : IVersionedSetting
{
    /// <summary>An organization that never said anything.</summary>
    public static readonly EgressPolicyRow None = new(EgressMode.Open, [], 0);

    public EgressPolicyResponse ToResponse(EgressGuard guard) => new(Mode, Allow, guard.Installation.Mode, Version);
}

internal static class GetEgressPolicy
{
    public static async Task<Reply<EgressPolicyResponse>> Handle(OrganizationCaller caller, HttpContext context, Database database, EgressGuard guard, CancellationToken cancel)
    {
        var row = await database.As(caller).QueryOptional<EgressPolicyRow>(
            $"select mode, allow, version from egress_policies where organization_id = {caller.Organization}", cancel) ?? EgressPolicyRow.None;
        EntityTag.Show(context, row.Version);
        return row.ToResponse(guard);
    }
}
