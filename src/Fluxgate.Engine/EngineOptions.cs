using Fluxgate.Core.Kernel;

namespace Fluxgate.Engine;

/// <summary>Section <c>engine</c>.</summary>
public sealed class EngineOptions : IValidatedOptions
{
    public const string Section = "engine";

    /// <summary>Runs that one node keeps in memory at once, 1–100,000; more wait in the queue. Default: 2000.</summary>
    public int MaxLiveRuns { get; set; } = 2000;

    /// <summary>Milliseconds between looks for due, queued and orphaned runs, 20–10,000. Default: 200.</summary>
    public int PollMilliseconds { get; set; } = 200;

    /// <summary>Milliseconds that an append waits for a locked row before it is set aside, 10–10,000. Default: 200.</summary>
    public int LockTimeoutMilliseconds { get; set; } = 200;

    public IEnumerable<string> Faults()
    {
        if (MaxLiveRuns is < 1 or > 100_000)
            yield return "engine.max_live_runs is 1–100000.";
        if (PollMilliseconds is < 20 or > 10_000)
            yield return "engine.poll_milliseconds is 20–10000.";
        if (LockTimeoutMilliseconds is < 10 or > 10_000)
            yield return "engine.lock_timeout_milliseconds is 10–10000.";
    }
}
