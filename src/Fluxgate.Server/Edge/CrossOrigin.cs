using System.Collections.Frozen;
using System.Globalization;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security.ClientKeys;

namespace Fluxgate.Server.Edge;

/// <summary>Marks an endpoint that pages call with a client key, from the origins that client keys list.</summary>
internal sealed record ForPages;

/// <summary>
/// Which pages may call what (CORS, Fetch standard section 3.3), a policy for each surface: the API by key from origins that
/// the operator lists, what is for pages from origins that client keys list; console, hooks and audit from nowhere.
/// Credentials of the browser are never allowed, so no answer says <c>Access-Control-Allow-Credentials</c> or <c>*</c>.
/// </summary>
internal sealed class CrossOrigin(EdgeOptions options, PageOrigins pages)
{
    private static readonly FrozenSet<string> Methods = ((string[])["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]).ToFrozenSet(StringComparer.Ordinal);

    private static readonly Policy Api = new(
        "Authorization, Content-Digest, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, Signature, Signature-Input, X-API-Key",
        "ETag, Location, Retry-After, RateLimit, RateLimit-Policy, Fluxgate-Watermark");

    private static readonly Policy Page = new($"Content-Type, Idempotency-Key, {ClientKeyText.Header}", "Retry-After, RateLimit, RateLimit-Policy, Fluxgate-Watermark");

    private readonly FrozenSet<string> origins = options.AllowedOrigins.ToFrozenSet(StringComparer.Ordinal);

    private sealed record Preflight;

    private sealed record Policy(string Headers, string Exposed);

    /// <summary>Before routing: a preflight is routed as the request that it asks for, to know the endpoint; <see cref="Answer"/> ends it.</summary>
    public static Task Route(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (HttpMethods.IsOptions(request.Method) && request.Headers.Origin.Count > 0 && request.Headers.AccessControlRequestMethod.ToString() is var method && Methods.Contains(method))
        {
            context.Features.Set(new Preflight());
            request.Method = method;
        }
        return next(context);
    }

    /// <summary>After routing. A preflight never goes further: it has the method of the real request, and no right to its effect.</summary>
    public async Task Answer(HttpContext context, RequestDelegate next)
    {
        var isPreflight = context.Features.Get<Preflight>() is not null;
        var origin = context.Request.Headers.Origin.ToString();
        var policy = PolicyOf(context);
        var isAllowed = policy is not null && origin.Length > 0 && (policy == Page ? await pages.Contains(origin, context.RequestAborted) : origins.Contains(origin));
        if (!isPreflight)
        {
            // When the answer starts: an error clears what was set before it.
            if (policy is not null)
                context.Response.OnStarting(() =>
                {
                    context.Response.Headers.Append("Vary", "Origin");
                    if (isAllowed)
                    {
                        context.Response.Headers.AccessControlAllowOrigin = origin;
                        context.Response.Headers.AccessControlExposeHeaders = policy.Exposed;
                    }
                    return Task.CompletedTask;
                });
            await next(context);
            return;
        }
        var method = context.Request.Method;
        context.Request.Method = HttpMethods.Options;
        if (!isAllowed)
        {
            await Problems.Write(context, Problems.NoSuchRoute);
            return;
        }
        var headers = context.Response.Headers;
        headers.Vary = "Origin";
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlAllowMethods = method;
        headers.AccessControlAllowHeaders = policy!.Headers;
        headers.AccessControlMaxAge = options.PreflightSeconds.ToString(CultureInfo.InvariantCulture);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>Null where no page of another origin has anything to do.</summary>
    private Policy? PolicyOf(HttpContext context)
    {
        if (context.GetEndpoint() is not RouteEndpoint endpoint)
            return null;
        if (endpoint.Metadata.GetMetadata<ForPages>() is not null)
            return Page;
        return origins.Count > 0 && Surfaces.Of(context) == Surface.Api ? Api : null;
    }
}
