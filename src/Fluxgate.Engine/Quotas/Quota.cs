using Fluxgate.Core.Kernel;

namespace Fluxgate.Engine.Quotas;

/// <summary>What an organization may have so much of.</summary>
public enum Quota
{
    /// <summary>Runs that begin on one day in UTC, called ones included.</summary>
    RunsADay,

    /// <summary>Sealed bytes of the journals of runs.</summary>
    StoredBytes,

    /// <summary>Sealed bytes of the key-value store.</summary>
    KvBytes,

    Members,

    /// <summary>Keys that are neither revoked nor expired.</summary>
    ApiKeys,
}

/// <summary>How far a quota is used.</summary>
public enum QuotaLevel
{
    Fine,

    /// <summary>80 % or more.</summary>
    Warning,

    /// <summary>All of it.</summary>
    Exceeded,
}

public static class QuotaRules
{
    /// <summary>What the configuration allows, in the quota's own unit; null is no limit.</summary>
    public static long? Most(this QuotaOptions options, Quota quota) => quota switch
    {
        Quota.RunsADay => options.RunsADay,
        Quota.StoredBytes => options.StoredMegabytes * 1024 * 1024,
        Quota.KvBytes => options.KvMegabytes * 1024 * 1024,
        Quota.Members => options.Members,
        _ => options.ApiKeys,
    };

    /// <summary>How far <paramref name="used"/> is of <paramref name="most"/>; null is no limit.</summary>
    public static QuotaLevel Level(long used, long? most) => most is not { } limit ? QuotaLevel.Fine
        : used >= limit ? QuotaLevel.Exceeded
        : used >= limit - limit / 5 ? QuotaLevel.Warning
        : QuotaLevel.Fine;

    /// <summary>The refusal of what would be too much, <c>quota.</c> and the quota's name. What passes with time says when.</summary>
    public static Error Exceeded(Quota quota, long most, TimeSpan? retryAfter = null) =>
        new($"quota.{SnakeCase.From(quota)}", retryAfter is null ? ErrorKind.Refused : ErrorKind.TooMany, quota switch
        {
            Quota.RunsADay => $"The organization may start {most} runs a day, in UTC, and has.",
            Quota.StoredBytes => $"The organization's runs may fill {most} bytes, and do; shorten how long runs are kept, or ask the operator for more.",
            Quota.KvBytes => $"The organization's key-value store may fill {most} bytes, and this would be more.",
            Quota.Members => $"The organization may have {most} members, and has.",
            _ => $"The organization may have {most} API keys, and has; revoke one first.",
        }) { RetryAfter = retryAfter };
}
