using Fluxgate.Engine.KeyValues;
using Fluxgate.Server.Hosting;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.KeyValues;

internal static class KvEndpoints
{
    public static void AddKeyValues(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSection<KvOptions>(configuration, KvOptions.Section);
        services.AddSingleton<KvStore>().AddSingleton<KvReader>();
    }

    public static void MapKeyValues(this IEndpointRouteBuilder routes)
    {
        var entries = routes.MapGroup("/v1/kv/{scope}").WithTags("kv");
        entries.MapGet("", ListKvEntries.Handle).WithName("list_kv_entries").Needs(Permissions.KvRead);
        entries.MapGet("/{key}", GetKvEntry.Handle).WithName("get_kv_entry").Needs(Permissions.KvRead);
        entries.MapPut("/{key}", SetKvEntry.Handle).WithName("set_kv_entry").Needs(Permissions.KvWrite);
        entries.MapDelete("/{key}", DeleteKvEntry.Handle).WithName("delete_kv_entry").Needs(Permissions.KvWrite);
        entries.MapPost("/{key}/increment", IncrementKvEntry.Handle).WithName("increment_kv_entry").Needs(Permissions.KvWrite);
    }
}
