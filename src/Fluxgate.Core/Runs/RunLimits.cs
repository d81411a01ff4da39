namespace Fluxgate.Core.Runs;

/// <summary>
/// How much data a run may hold. Sizes are bytes of JSON in UTF-8, about: see <see cref="RunValue.Fault"/>. Without them
/// one workflow whose nodes repeat each other fills the memory that all organizations share.
/// </summary>
public static class RunLimits
{
    /// <summary>One value: the evaluated settings of a step, its output, the output of the run.</summary>
    public const int ValueBytes = 1024 * 1024;

    /// <summary>What started the run. A request's body is at most 1 MB, its headers and query come on top.</summary>
    public const int TriggerBytes = 2 * 1024 * 1024;

    /// <summary>Everything that the journal of one run keeps.</summary>
    public const int RunBytes = 16 * 1024 * 1024;

    /// <summary>Signals that came and that no step waits for; what comes beyond is dropped.</summary>
    public const int KeptSignals = 100;

    /// <summary>Workflows that call each other, one within the other: the run that nobody called is at 0.</summary>
    public const int CallDepth = 10;

    /// <summary>Items of one loop.</summary>
    public const int LoopItems = 10_000;

    /// <summary>Steps of the items of all loops of a run: each is in memory and in the journal.</summary>
    public const int LoopSteps = 20_000;

    /// <summary>Levels of nesting of a value. JSON readers stop at 64, and values are shown and stored within other JSON.</summary>
    public const int Depth = 48;
}
