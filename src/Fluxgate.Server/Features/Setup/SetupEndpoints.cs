using Fluxgate.Server.Hosting;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Setup;

internal static class SetupEndpoints
{
    public static BootstrapOptions AddSetup(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<FirstStart>();
        return services.AddSection<BootstrapOptions>(configuration, BootstrapOptions.Section);
    }

    public static void MapSetup(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/setup", SetUp.Handle).WithName("set_up").WithTags("set-up").IsOpen("makes the first owner; needs the one-time token printed at first start");
}
