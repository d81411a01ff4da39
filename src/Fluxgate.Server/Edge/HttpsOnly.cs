using Fluxgate.Core.Kernel;
using Fluxgate.Server.Hosting;
using Fluxgate.Server.Http;

namespace Fluxgate.Server.Edge;

/// <summary>
/// Production answers https alone. Plain HTTP is refused (RFC 9110, section 15.5.20) and never redirected: a client that
/// is redirected sends its credential in the clear each time and never learns of it.
/// </summary>
internal sealed class HttpsOnly(InstallationOptions installation)
{
    private static readonly Error Required = new("https.required", ErrorKind.Misdirected, "This server is reached by https alone. If you came by https, its proxy has to be listed in edge.trusted_proxies and send X-Forwarded-Proto.");

    private readonly bool holds = installation.Profile == Profile.Production;

    public Task Pass(HttpContext context, RequestDelegate next) =>
        // A load balancer's probe comes without TLS, brings no credential and is told nothing.
        holds && !context.Request.IsHttps && !context.Request.Path.StartsWithSegments("/health") ? Problems.Write(context, Required) : next(context);
}
