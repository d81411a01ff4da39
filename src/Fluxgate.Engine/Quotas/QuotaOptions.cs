using Fluxgate.Core.Kernel;

namespace Fluxgate.Engine.Quotas;

/// <summary>Section <c>quotas</c>: how much each organization may have, unless an operator has set something else for it (<c>fluxgate quotas set</c>).</summary>
public sealed class QuotaOptions : IValidatedOptions
{
    public const string Section = "quotas";

    /// <summary>Runs that may begin on one day in UTC, 0–1,000,000,000,000. Default: any number.</summary>
    public long? RunsADay { get; set; }

    /// <summary>Megabytes that the journals of runs may fill, 0–1,000,000,000. Default: as many as there is room for.</summary>
    public long? StoredMegabytes { get; set; }

    /// <summary>Megabytes that the key-value store may fill, 0–1,000,000. Default: what `kv.max_entries` leaves.</summary>
    public long? KvMegabytes { get; set; }

    /// <summary>Members, 1–1,000,000. Default: any number.</summary>
    public long? Members { get; set; }

    /// <summary>API keys that are neither revoked nor expired, 0–1,000,000. Default: any number.</summary>
    public long? ApiKeys { get; set; }

    public IEnumerable<string> Faults()
    {
        if (RunsADay is < 0 or > 1_000_000_000_000)
            yield return "quotas.runs_a_day is 0–1000000000000.";
        if (StoredMegabytes is < 0 or > 1_000_000_000)
            yield return "quotas.stored_megabytes is 0–1000000000.";
        if (KvMegabytes is < 0 or > 1_000_000)
            yield return "quotas.kv_megabytes is 0–1000000.";
        if (Members is < 1 or > 1_000_000)
            yield return "quotas.members is 1–1000000.";
        if (ApiKeys is < 0 or > 1_000_000)
            yield return "quotas.api_keys is 0–1000000.";
    }
}
