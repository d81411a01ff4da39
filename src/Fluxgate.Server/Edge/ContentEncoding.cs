using Fluxgate.Core.Kernel;
using Fluxgate.Server.Http;

namespace Fluxgate.Server.Edge;

/// <summary>Nothing here unpacks a body, so a small one never becomes a large one; a packed one is refused (RFC 9110, section 15.5.16).</summary>
internal static class ContentEncoding
{
    private static readonly Error NotTaken = new("body.encoding", ErrorKind.MediaType, "Bodies are taken as they are; send it without Content-Encoding.");

    public static Task Refuse(HttpContext context, RequestDelegate next)
    {
        var encoding = context.Request.Headers.ContentEncoding;
        if (encoding.Count == 0 || encoding.ToString().Equals("identity", StringComparison.OrdinalIgnoreCase))
            return next(context);
        context.Response.Headers.AcceptEncoding = "identity";
        return Problems.Write(context, NotTaken);
    }
}
