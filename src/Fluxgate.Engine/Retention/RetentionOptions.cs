using Fluxgate.Core.Kernel;

namespace Fluxgate.Engine.Retention;

/// <summary>Section <c>retention</c>: how long things are kept.</summary>
public sealed class RetentionOptions : IValidatedOptions
{
    public const string Section = "retention";

    /// <summary>Days that no organization may keep its runs for less than, 1–3650. Default: 1.</summary>
    public int LeastRunDays { get; set; } = 1;

    /// <summary>Runs of a workflow that no organization may keep fewer than, 1–1,000,000. Default: 10.</summary>
    public int LeastRunCount { get; set; } = 10;

    /// <summary>Days after which a repeat of an idempotency key or a delivery no longer finds its run, 1–3650. Default: 30.</summary>
    public int ReceiptDays { get; set; } = 30;

    /// <summary>Seconds between looks for what is to be deleted, 1–86,400. Default: 600.</summary>
    public int SweepSeconds { get; set; } = 600;

    public IEnumerable<string> Faults()
    {
        if (LeastRunDays is < 1 or > 3650)
            yield return "retention.least_run_days is 1–3650.";
        if (LeastRunCount is < 1 or > 1_000_000)
            yield return "retention.least_run_count is 1–1000000.";
        if (ReceiptDays is < 1 or > 3650)
            yield return "retention.receipt_days is 1–3650.";
        if (SweepSeconds is < 1 or > 86_400)
            yield return "retention.sweep_seconds is 1–86400.";
    }
}
