using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.RequestLog;

namespace Fluxgate.Server.Features.RequestLog;

/// <summary>Which request of the organization an answer was to, by the watermark that was found on it.</summary>
internal static class TraceWatermark
{
    private static readonly Error Malformed = Error.Invalid("watermark.malformed", "A watermark is fgw_ and 39 more characters.");

    /// <summary>One answer for forged ones, those of other organizations and those that the log no longer has: it tells nothing about others.</summary>
    private static readonly Error Unknown = new(
        "watermark.not_found", ErrorKind.NotFound, "No request of this organization has this watermark: it is forged, another's, from somebody who was not signed in, or older than the request log.");

    public static async Task<Reply<LoggedRequestResponse>> Handle(string watermark, OrganizationCaller caller, Database database, Watermark watermarks, CancellationToken cancel)
    {
        if (!Watermark.TryRead(watermark, out var shown))
            return Malformed;
        var row = await database.As(caller).QueryOptional<RequestRow>($"{RequestRow.From(caller)} and r.id = {shown.Request}", cancel);
        return row is not null && await watermarks.IsOf(shown, row.Identity(caller), row.Request, cancel)
            ? await row.ToResponse(caller, watermarks, cancel)
            : Unknown;
    }
}
