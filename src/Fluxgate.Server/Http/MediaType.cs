using Fluxgate.Core.Kernel;

namespace Fluxgate.Server.Http;

/// <summary>A body of another type than the address takes.</summary>
internal static class MediaType
{
    public static readonly Error NotTaken = new("body.media_type", ErrorKind.MediaType, "This address takes a body of type application/json.");

    /// <summary>Routing has found the address and put an endpoint of its own in its place, which has only this name to be known by.</summary>
    public static bool IsRefused(HttpContext context) => context.GetEndpoint()?.DisplayName == "415 HTTP Unsupported Media Type";
}
