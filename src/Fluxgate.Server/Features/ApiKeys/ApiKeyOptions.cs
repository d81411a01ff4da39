using Fluxgate.Core.Kernel;
namespace Fluxgate.Server.Features.ApiKeys;

/// <summary>Section <c>api_keys</c>: how long keys live.</summary>
public sealed class ApiKeyOptions : IValidatedOptions
{
    public const string Section = "apikeys";

    /// <summary>Days that a key lives whose creator names no end, 1 to <see cref="MaxDays"/>. Default: 90.</summary>
    public int DefaultDays { get; set; } = 90;

    /// <summary>Longest life of a key in days, 1–3650; a later end is refused. Default: 365.</summary>
    public int MaxDays { get; set; } = 365;

    /// <summary>Age in days from which a key's use is called due for rotation in the audit, once a day, 1–3650. Default: 90.</summary>
    public int MaxAgeDays { get; set; } = 90;

    /// <summary>Whether a key of that age is refused. Default: false.</summary>
    public bool RefuseAged { get; set; }

    public IEnumerable<string> Faults()
    {
        if (MaxAgeDays is < 1 or > 3650)
            yield return "api_keys.max_age_days is 1–3650.";
        if (MaxDays is < 1 or > 3650)
            yield return "api_keys.max_days is 1–3650.";
        if (DefaultDays < 1 || DefaultDays > MaxDays)
            yield return "api_keys.default_days is 1 to api_keys.max_days.";
    }
}
