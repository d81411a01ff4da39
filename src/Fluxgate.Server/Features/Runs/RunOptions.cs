using Fluxgate.Core.Kernel;

namespace Fluxgate.Server.Features.Runs;

/// <summary>Section <c>runs</c>: the live streams of runs' events.</summary>
public sealed class RunOptions : IValidatedOptions
{
    public const string Section = "runs";

    /// <summary>Streams that one organization has open at once on one node, 1–10,000. Default: 100.</summary>
    public int StreamsPerOrganization { get; set; } = 100;

    /// <summary>Streams that one person or API key has open at once on one node, 1–10,000. Default: 10.</summary>
    public int StreamsPerCaller { get; set; } = 10;

    /// <summary>Seconds after which a stream ends, so that its reader comes back by a new request, 1–86,400. Default: 900.</summary>
    public int StreamSeconds { get; set; } = 900;

    public IEnumerable<string> Faults()
    {
        if (StreamsPerOrganization is < 1 or > 10_000)
            yield return "runs.streams_per_organization is 1–10000.";
        if (StreamsPerCaller is < 1 or > 10_000)
            yield return "runs.streams_per_caller is 1–10000.";
        if (StreamSeconds is < 1 or > 86_400)
            yield return "runs.stream_seconds is 1–86400.";
    }
}
