using Fluxgate.Core.Expressions;
using Fluxgate.Core.Runs;

namespace Fluxgate.Server.Features.Hooks;

/// <summary>What a <c>respond</c> node said, as the answer to the request that started the run.</summary>
internal sealed class RunResponseResult(Responded response) : IResult
{
    /// <summary>Only headers that describe the content or are the workflow's own; never what the server's security hangs on.</summary>
    private static bool MaySet(string name) =>
        (name.StartsWith("X-", StringComparison.OrdinalIgnoreCase) && !Array.Exists(Kept, k => name.StartsWith(k, StringComparison.OrdinalIgnoreCase)) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        || name.Equals("Retry-After", StringComparison.OrdinalIgnoreCase);

    /// <summary>Beginnings that browsers heed, and those by which a proxy in front is told to serve a file of its own.</summary>
    private static readonly string[] Kept =
    [
        "X-Frame-Options", "X-Content-Type-Options", "X-XSS-Protection", "X-Permitted-Cross-Domain-Policies", "X-DNS-Prefetch-Control", "X-UA-Compatible",
        "X-Accel-", "X-Sendfile", "X-Lighttpd-", "X-LiteSpeed-", "X-Reproxy-", "X-Forwarded-", "X-Real-",
    ];

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = response.Status;
        if (response.Headers.Kind == CelKind.Map)
            foreach (var (name, value) in response.Headers.AsMap)
                if (value.Kind == CelKind.String && MaySet(name.AsString) && value.AsString.All(c => c is >= ' ' and <= '~'))
                    httpContext.Response.Headers[name.AsString] = value.AsString;
        if (response.Body.IsNull || response.Status is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified)
            return;
        httpContext.Response.ContentType = "application/json";
        await httpContext.Response.Body.WriteAsync(response.Body.ToJson(), httpContext.RequestAborted);
    }
}
