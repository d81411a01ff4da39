using System.Security.Authentication;
using Fluxgate.Server.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Fluxgate.Server.Edge;

/// <summary>Everything that a connection may take before a handler runs, in one place.</summary>
internal static class Listeners
{
    public static void Listen(this IWebHostBuilder web, InstallationOptions installation, HttpOptions http, TlsOptions tls)
    {
        web.UseKestrel(k =>
        {
            k.AddServerHeader = false;
            Limit(k.Limits, http);
            if (tls.CertificatePath is null)
                return;
            var certificate = k.ApplicationServices.GetRequiredService<ServerCertificate>();
            k.ConfigureHttpsDefaults(h =>
            {
                // Both sides take the newer of the two that they know.
                h.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
                // The framework wants a certificate or a selector; the context, which carries the chain too, takes its place.
                h.ServerCertificateSelector = (_, _) => certificate.Current().TargetCertificate;
                h.OnAuthenticate = (_, authentication) =>
                {
                    authentication.ServerCertificateSelectionCallback = null;
                    authentication.ServerCertificateContext = certificate.Current();
                };
            });
        });
        web.UseUrls(installation.Listen.Split(';'));
    }

    private static void Limit(KestrelServerLimits limits, HttpOptions http)
    {
        limits.MaxConcurrentConnections = http.MaxConnections;
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.MaxRequestLineSize = http.MaxRequestLineBytes;
        limits.MaxRequestHeadersTotalSize = http.MaxHeaderBytes;
        limits.MaxRequestHeaderCount = http.MaxHeaders;
        limits.MaxRequestBodySize = http.MaxBodyBytes;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(http.HeaderSeconds);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(http.KeepAliveSeconds);
        limits.MinRequestBodyDataRate = new MinDataRate(http.MinBodyBytesPerSecond, TimeSpan.FromSeconds(http.BodyGraceSeconds));
        limits.Http2.MaxStreamsPerConnection = http.MaxStreams;
        limits.Http2.MaxRequestHeaderFieldSize = Math.Min(http.MaxHeaderBytes, 16_384);
    }
}
