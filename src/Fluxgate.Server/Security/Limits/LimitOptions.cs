using Fluxgate.Core.Kernel;

namespace Fluxgate.Server.Security.Limits;

/// <summary>Section <c>limits</c>: how many requests are taken. An organization may lower its own and that of its keys, never raise them.</summary>
public sealed class LimitOptions : IValidatedOptions
{
    public const string Section = "limits";

    private const int Most = 10_000_000;

    /// <summary>Requests a minute from one network address (IPv6: one /64) that come without a credential, or with one that is refused, 1–10,000,000. Default: 100.</summary>
    public int AnonymousAMinute { get; set; } = 100;

    /// <summary>Requests a minute of one signed-in person, 1–10,000,000. Default: 1,000.</summary>
    public int UserAMinute { get; set; } = 1000;

    /// <summary>Requests a minute of one API key, 1–10,000,000. Default: 10,000.</summary>
    public int KeyAMinute { get; set; } = 10_000;

    /// <summary>Requests a minute of one client key, of all visitors of the pages that show it together, 1–10,000,000. Default: 600.</summary>
    public int ClientKeyAMinute { get; set; } = 600;

    /// <summary>Requests a minute of one organization, those of its people, keys and webhooks together, 60–10,000,000. Default: 60,000.</summary>
    public int OrganizationAMinute { get; set; } = 60_000;

    /// <summary>Requests a minute of one API key at the governance API, 1–10,000,000. Default: 60.</summary>
    public int GovernanceAMinute { get; set; } = 60;

    /// <summary>Requests an hour of one API key at the governance API, 1–10,000,000. Default: 1,000.</summary>
    public int GovernanceAnHour { get; set; } = 1000;

    public IEnumerable<string> Faults()
    {
        if (AnonymousAMinute is < 1 or > Most)
            yield return "limits.anonymous_a_minute is 1–10000000.";
        if (UserAMinute is < 1 or > Most)
            yield return "limits.user_a_minute is 1–10000000.";
        if (KeyAMinute is < 1 or > Most)
            yield return "limits.key_a_minute is 1–10000000.";
        if (ClientKeyAMinute is < 1 or > Most)
            yield return "limits.client_key_a_minute is 1–10000000.";
        if (OrganizationAMinute is < 60 or > Most)
            yield return "limits.organization_a_minute is 60–10000000.";
        if (GovernanceAMinute is < 1 or > Most)
            yield return "limits.governance_a_minute is 1–10000000.";
        if (GovernanceAnHour is < 1 or > Most)
            yield return "limits.governance_an_hour is 1–10000000.";
    }
}
