using Fluxgate.Core.Kernel;

namespace Fluxgate.Engine;

/// <summary>Section <c>engine</c>.</summary>
public sealed class EngineOptions : IValidatedOptions
{
    public const string Section = "engine";

    /// <summary>Runs that one node keeps in memory at once, 1–100,000; more wait in the queue. Default: 2000.</summary>
    public int MaxLiveRuns { get; set; } = 2000;

    /// <summary>Megabytes of data that the runs in one node's memory may hold together, 16–1,000,000; more wait in the queue. As text in memory it takes about twice that. Default: 128.</summary>
    public int MaxLiveMegabytes { get; set; } = 128;

    /// <summary>Milliseconds between looks for due, queued and orphaned runs, 20–10,000. Default: 200.</summary>
    public int PollMilliseconds { get; set; } = 200;

    /// <summary>Milliseconds that an append waits for a locked row before it is set aside, 10–10,000. Default: 200.</summary>
    public int LockTimeoutMilliseconds { get; set; } = 200;

    /// <summary>Steps in a row that fail for a connector's service before its circuit breaker opens, 1–1000; a connector may say otherwise. Default: 5.</summary>
    public int BreakerFailureThreshold { get; set; } = 5;

    /// <summary>How long an open circuit breaker lets no call through, 1 s – 1 h; a connector may say otherwise. Default: 30 s.</summary>
    public TimeSpan BreakerOpenTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Calls that must succeed before a half-open circuit breaker closes, 1–100; a connector may say otherwise. Default: 1.</summary>
    public int BreakerTrials { get; set; } = 1;

    /// <summary>How long a run may take, waits included, 1 s – 3650 days; a workflow may say less. Default: 365 days.</summary>
    public TimeSpan LongestRun { get; set; } = TimeSpan.FromDays(365);

    public IEnumerable<string> Faults()
    {
        if (LongestRun < TimeSpan.FromSeconds(1) || LongestRun > TimeSpan.FromDays(3650))
            yield return "engine.longest_run is 1 s – 3650 days.";
        if (MaxLiveRuns is < 1 or > 100_000)
            yield return "engine.max_live_runs is 1–100000.";
        if (MaxLiveMegabytes is < 16 or > 1_000_000)
            yield return "engine.max_live_megabytes is 16–1000000.";
        if (PollMilliseconds is < 20 or > 10_000)
            yield return "engine.poll_milliseconds is 20–10000.";
        if (LockTimeoutMilliseconds is < 10 or > 10_000)
            yield return "engine.lock_timeout_milliseconds is 10–10000.";
        if (BreakerFailureThreshold is < 1 or > 1000)
            yield return "engine.breaker_failure_threshold is 1–1000.";
        if (BreakerOpenTime < TimeSpan.FromSeconds(1) || BreakerOpenTime > TimeSpan.FromHours(1))
            yield return "engine.breaker_open_time is 1 s – 1 h.";
        if (BreakerTrials is < 1 or > 100)
            yield return "engine.breaker_trials is 1–100.";
    }
}
