using Fluxgate.Egress;
using Fluxgate.Egress.Databases;
using Fluxgate.Egress.Mail;
using Fluxgate.Engine.Connections;

namespace Fluxgate.Server.Hosting;

internal static class EgressRegistration
{
    public static void AddEgress(this IServiceCollection services, IConfiguration configuration)
    {
        var egress = services.AddSection<EgressOptions>(configuration, EgressOptions.Section);
        services.OrFault(() =>
        {
            egress.Validate();
            return egress;
        });
        services.AddSingleton(s => EgressGuard.ForThisMachine(s.GetRequiredService<EgressOptions>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(HostResolvers.System);
        services.AddSingleton<GuardedDialer>();
        services.AddSingleton(s => new EgressHttp(
            s.GetRequiredService<EgressOptions>(), s.GetRequiredService<GuardedDialer>(),
            s.GetRequiredService<InstallationOptions>().Profile != Profile.Development, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s => new EgressDatabase(
            s.GetRequiredService<EgressOptions>(), s.GetRequiredService<GuardedDialer>(),
            s.GetRequiredService<InstallationOptions>().Profile != Profile.Development, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<EgressSmtp>().AddSingleton<EgressImap>();
        services.AddSingleton<EgressPolicies>().AddSingleton<EgressProbe>();
    }
}
