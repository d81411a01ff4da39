using System.Collections.Frozen;
using System.Globalization;
using Fluxgate.Server.Http;

namespace Fluxgate.Server.Edge;

/// <summary>
/// Pages of listed origins may call the API by key (CORS, Fetch standard section 3.3). Credentials of the browser are
/// never allowed, so no answer says <c>Access-Control-Allow-Credentials</c> or <c>*</c>. Console, hooks and audit are
/// no part of it.
/// </summary>
internal sealed class CrossOrigin(EdgeOptions options)
{
    private static readonly FrozenSet<string> Methods = ((string[])["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]).ToFrozenSet(StringComparer.Ordinal);

    private readonly FrozenSet<string> origins = options.AllowedOrigins.ToFrozenSet(StringComparer.Ordinal);

    private sealed record Preflight;

    /// <summary>Before routing: a preflight is routed as the request that it asks for, to know the endpoint; <see cref="Answer"/> ends it.</summary>
    public Task Route(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (origins.Count > 0 && HttpMethods.IsOptions(request.Method) && request.Headers.Origin.Count > 0
            && request.Headers.AccessControlRequestMethod.ToString() is var method && Methods.Contains(method))
        {
            context.Features.Set(new Preflight());
            request.Method = method;
        }
        return next(context);
    }

    /// <summary>After routing. A preflight never goes further: it has the method of the real request, and no right to its effect.</summary>
    public Task Answer(HttpContext context, RequestDelegate next)
    {
        if (origins.Count == 0)
            return next(context);
        var isPreflight = context.Features.Get<Preflight>() is not null;
        var origin = context.Request.Headers.Origin.ToString();
        var isOpen = context.GetEndpoint() is RouteEndpoint && Surfaces.Of(context) == Surface.Api;
        var isAllowed = isOpen && origins.Contains(origin);
        if (!isPreflight)
        {
            // When the answer starts: an error clears what was set before it.
            if (isOpen)
                context.Response.OnStarting(() =>
                {
                    context.Response.Headers.Append("Vary", "Origin");
                    if (isAllowed)
                    {
                        context.Response.Headers.AccessControlAllowOrigin = origin;
                        context.Response.Headers.AccessControlExposeHeaders = "ETag, Location, Retry-After, RateLimit, RateLimit-Policy, Fluxgate-Watermark";
                    }
                    return Task.CompletedTask;
                });
            return next(context);
        }
        var method = context.Request.Method;
        context.Request.Method = HttpMethods.Options;
        if (!isAllowed)
            return Problems.Write(context, Problems.NoSuchRoute);
        var headers = context.Response.Headers;
        headers.Vary = "Origin";
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlAllowMethods = method;
        headers.AccessControlAllowHeaders = "Authorization, Content-Digest, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, Signature, Signature-Input, X-API-Key";
        headers.AccessControlMaxAge = options.PreflightSeconds.ToString(CultureInfo.InvariantCulture);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
