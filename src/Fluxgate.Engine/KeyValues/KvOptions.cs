using Fluxgate.Core.Kernel;

namespace Fluxgate.Engine.KeyValues;

/// <summary>Section <c>kv</c>: the key-value store.</summary>
public sealed class KvOptions : IValidatedOptions
{
    public const string Section = "kv";

    /// <summary>Entries that one organization may hold in all its scopes, 1–1,000,000. Default: 10,000.</summary>
    public int MaxEntries { get; set; } = 10_000;

    /// <summary>Seconds between looks for entries to delete because they have expired, 1–3600; they are absent before that. Default: 60.</summary>
    public int SweepSeconds { get; set; } = 60;

    public IEnumerable<string> Faults()
    {
        if (MaxEntries is < 1 or > 1_000_000)
            yield return "kv.max_entries is 1–1000000.";
        if (SweepSeconds is < 1 or > 3600)
            yield return "kv.sweep_seconds is 1–3600.";
    }
}
