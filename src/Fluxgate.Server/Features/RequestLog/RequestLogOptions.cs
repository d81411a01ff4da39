using Fluxgate.Core.Kernel;

namespace Fluxgate.Server.Features.RequestLog;

/// <summary>Section <c>request_log</c>: how long requests of keys and members can be traced.</summary>
public sealed class RequestLogOptions : IValidatedOptions
{
    public const string Section = "requestlog";

    /// <summary>Days that a request stays in the log, 1–3650. Default: 30.</summary>
    public int KeepDays { get; set; } = 30;

    public IEnumerable<string> Faults()
    {
        if (KeepDays is < 1 or > 3650)
            yield return "request_log.keep_days is 1–3650.";
    }
}
