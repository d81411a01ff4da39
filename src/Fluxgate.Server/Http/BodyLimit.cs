using Fluxgate.Core.Kernel;

namespace Fluxgate.Server.Http;

/// <summary>The framework answers a JSON body over the limit with a bare status and no word; this adds the problem document.</summary>
internal static class BodyLimit
{
    public static readonly Error TooLarge = new("body.too_large", ErrorKind.TooLarge, "The body is larger than this address takes.");

    public static async Task Explain(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Response is { StatusCode: StatusCodes.Status413PayloadTooLarge, HasStarted: false, ContentType: null })
            await Problems.Write(context, TooLarge);
    }
}
