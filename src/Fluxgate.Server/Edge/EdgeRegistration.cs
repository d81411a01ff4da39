using Fluxgate.Data.Sessions;
using Fluxgate.Server.Features.LogLevels;
using Fluxgate.Server.Hosting;
using Fluxgate.Server.Http;

namespace Fluxgate.Server.Edge;

/// <summary>What stands between the socket and the gate.</summary>
internal static class EdgeRegistration
{
    public static void AddEdge(this WebApplicationBuilder builder, IConfiguration configuration, InstallationOptions installation)
    {
        var services = builder.Services;
        var edge = services.AddSection<EdgeOptions>(configuration, EdgeOptions.Section);
        var tls = services.AddSection<TlsOptions>(configuration, TlsOptions.Section);
        var surfaces = services.AddSection<SurfaceOptions>(configuration, SurfaceOptions.Section);
        var http = services.AddSection<HttpOptions>(configuration, HttpOptions.Section);
        services.AddFaults(ProfileFaults.OfListeners(installation, edge, tls, surfaces));
        services.AddSingleton<ClientAddress>().AddSingleton<HttpsOnly>().AddSingleton<SecurityHeaders>().AddSingleton<CrossOrigin>().AddSingleton<Surfaces>().AddSingleton<ServerCertificate>();
        builder.WebHost.Listen(installation, http, tls);
    }

    public static void AddLogging(this WebApplicationBuilder builder, InstallationOptions installation)
    {
        var least = new LeastLogLevel(installation.LogLevel ?? (installation.Profile == Profile.Production ? LogLevel.Warning : LogLevel.Information));
        builder.Logging.AddSimpleConsole(o => o.SingleLine = true)
            .SetMinimumLevel(LogLevel.Trace)
            .AddFilter(level => level >= least.Level)
            // The framework's account of each request is nobody's information.
            .AddFilter("Microsoft", level => level >= LogLevel.Warning && level >= least.Level);
        builder.Services.AddSingleton(least).AddSingleton(s => new LogLevels(s.GetRequiredService<Database>(), s.GetRequiredService<TimeProvider>())).AddHostedService<LogLevelFollower>();
    }

    /// <summary>Before routing. Who the client is comes first, since everything after asks for it.</summary>
    public static void UseEdge(this WebApplication web)
    {
        web.Use(web.Services.GetRequiredService<ClientAddress>().Find);
        web.Use(web.Services.GetRequiredService<SecurityHeaders>().Add);
        web.Use(web.Services.GetRequiredService<HttpsOnly>().Pass);
        web.Use(ContentEncoding.Refuse);
        web.Use(CrossOrigin.Route);
    }

    /// <summary>After routing, when it is known what is asked for.</summary>
    public static void UseEdgeOfEndpoint(this WebApplication web)
    {
        web.Use(web.Services.GetRequiredService<Surfaces>().Pass);
        web.Use(web.Services.GetRequiredService<CrossOrigin>().Answer);
    }
}
