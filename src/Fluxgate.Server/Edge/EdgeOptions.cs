using Fluxgate.Core.Kernel;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Edge;

/// <summary>Section <c>edge</c>: whom the server believes about a request's origin, and what browsers are told.</summary>
public sealed class EdgeOptions : IValidatedOptions
{
    public const string Section = "edge";

    /// <summary>Addresses and ranges of the proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed, at most 50, never every address. Default: none.</summary>
    public List<string> TrustedProxies { get; set; } = [];

    /// <summary>Origins whose pages may call the API by key, such as <c>https://app.example.com</c>, at most 50; never <c>*</c>. Cookies are never taken from them. Default: none.</summary>
    public List<string> AllowedOrigins { get; set; } = [];

    /// <summary>Seconds for which a browser keeps the answer to a preflight, 0–7200. Default: 600.</summary>
    public int PreflightSeconds { get; set; } = 600;

    /// <summary>Days for which a browser that came by https comes by nothing else, 1–730. Default: 365.</summary>
    public int HstsDays { get; set; } = 365;

    /// <summary>Whether that holds for the hosts below this one too. Default: true.</summary>
    public bool HstsSubdomains { get; set; } = true;

    public IEnumerable<string> Faults()
    {
        if (TrustedProxies.Count > NetworkList.Most)
            yield return $"edge.trusted_proxies has at most {NetworkList.Most} entries.";
        foreach (var text in TrustedProxies.Where(t => !NetworkList.TryParse(t, out _)))
            yield return $"edge.trusted_proxies: '{text}' is neither an address nor a range such as 10.1.2.0/24; prefix 0 would believe everybody.";
        if (AllowedOrigins.Count > NetworkList.Most)
            yield return $"edge.allowed_origins has at most {NetworkList.Most} entries.";
        foreach (var text in AllowedOrigins.Where(t => !Origins.Is(t)))
            yield return $"edge.allowed_origins: '{text}' is no origin such as https://app.example.com, written as browsers send it; there are no wildcards, and http is for this machine alone.";
        if (PreflightSeconds is < 0 or > 7200)
            yield return "edge.preflight_seconds is 0–7200.";
        if (HstsDays is < 1 or > 730)
            yield return "edge.hsts_days is 1–730.";
    }
}
