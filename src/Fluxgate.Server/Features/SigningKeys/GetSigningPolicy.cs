using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.SigningKeys;

/// <summary>Which requests of API keys an organization takes only if they are signed.</summary>
public enum SignaturesRequired
{
    /// <summary>Those of keys that say so themselves.</summary>
    ByKey,

    /// <summary>Those too that are not GET or HEAD.</summary>
    Changes,

    All,
}

public sealed record SigningPolicyResponse(SignaturesRequired Required, int Version);

internal sealed record SigningPolicyRow(SignaturesRequired Required, int Version) : IVersionedSetting
{
    /// <summary>An organization that never said anything.</summary>
    public static readonly SigningPolicyRow None = new(SignaturesRequired.ByKey, 0);
}

internal static class GetSigningPolicy
{
    public static async Task<Reply<SigningPolicyResponse>> Handle(OrganizationCaller caller, HttpContext context, Database database, CancellationToken cancel)
    {
        var row = await database.As(caller).QueryOptional<SigningPolicyRow>($"select required, version from signing_policies where organization_id = {caller.Organization}", cancel) ?? SigningPolicyRow.None;
        EntityTag.Show(context, row.Version);
        return new SigningPolicyResponse(row.Required, row.Version);
    }
}
