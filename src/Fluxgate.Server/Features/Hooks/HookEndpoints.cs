using Fluxgate.Engine.Switches;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Limits;

namespace Fluxgate.Server.Features.Hooks;

internal static class HookEndpoints
{
    public static void AddHooks(this IServiceCollection services) => services.AddSingleton<HookRoutes>().AddSingleton<HookAuthentication>().AddSingleton<HookRefusals>();

    public static void MapHooks(this IEndpointRouteBuilder routes)
    {
        var hooks = routes.MapGroup("/hooks/{org}").WithTags("public").IsOpen("the sender proves itself by the trigger's own signature or key").LimitedAs(LimitClass.ByHandler).WithMetadata(new SwitchedEntrance(Entrance.Hooks), new ChangesNoAccess());
        hooks.MapPost("/{**path}", ReceiveHook.Handle).WithName("receive_hook");
        hooks.MapPut("/{**path}", ReceiveHook.Handle).WithName("receive_hook_by_put");
    }
}
