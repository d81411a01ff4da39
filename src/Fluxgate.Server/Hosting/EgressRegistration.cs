using Fluxgate.Egress;

namespace Fluxgate.Server.Hosting;

internal static class EgressRegistration
{
    public static void AddEgress(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSection<EgressOptions>(configuration, EgressOptions.Section).Validate();
        services.AddSingleton(s => EgressGuard.ForThisMachine(s.GetRequiredService<EgressOptions>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(HostResolvers.System);
        services.AddSingleton<GuardedDialer>().AddSingleton<EgressHttp>();
    }
}
