using Fluxgate.Core.Kernel;

namespace Fluxgate.Engine.Nodes.Code;

/// <summary>Section <c>code</c>: nodes that run JavaScript in a sealed process.</summary>
public sealed class CodeOptions : IValidatedOptions
{
    public const string Section = "code";

    /// <summary>Whether workflows may have code nodes. Default: false.</summary>
    public bool Enabled { get; set; }

    /// <summary>Node.js, 20 or newer. Default: /usr/bin/node.</summary>
    public string Node { get; set; } = "/usr/bin/node";

    /// <summary>bubblewrap, 0.8 or newer, which seals the process. Default: /usr/bin/bwrap.</summary>
    public string Bubblewrap { get; set; } = "/usr/bin/bwrap";

    /// <summary>Code that one server runs at once, 1–64; more waits. Default: 2.</summary>
    public int MaxParallel { get; set; } = 2;

    /// <summary>Seconds that one code may run, 1–300; its node's time-out may say less. Default: 10.</summary>
    public int MaxSeconds { get; set; } = 10;

    /// <summary>Megabytes of memory that one code may fill, 4–256. Default: 32.</summary>
    public int MemoryMegabytes { get; set; } = 32;

    public IEnumerable<string> Faults()
    {
        if (!Path.IsPathFullyQualified(Node))
            yield return "code.node is the full path of Node.js.";
        if (!Path.IsPathFullyQualified(Bubblewrap))
            yield return "code.bubblewrap is the full path of bubblewrap.";
        if (MaxParallel is < 1 or > 64)
            yield return "code.max_parallel is 1–64.";
        if (MaxSeconds is < 1 or > 300)
            yield return "code.max_seconds is 1–300.";
        if (MemoryMegabytes is < 4 or > 256)
            yield return "code.memory_megabytes is 4–256.";
    }
}
