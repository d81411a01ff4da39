using Fluxgate.Server.Hosting;

namespace Fluxgate.Server.Security.Limits;

internal static class LimitRegistration
{
    public static void AddLimits(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSection<LimitOptions>(configuration, LimitOptions.Section);
        services.AddSingleton<LimitRows>().AddSingleton<LimitLeases>().AddSingleton<RateLimiter>();
        services.AddSingleton<LimitViolations>().AddHostedService(s => s.GetRequiredService<LimitViolations>());
    }
}
