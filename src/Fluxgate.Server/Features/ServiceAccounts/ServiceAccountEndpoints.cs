using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.ServiceAccounts;

internal static class ServiceAccountEndpoints
{
    public static void MapServiceAccounts(this IEndpointRouteBuilder routes)
    {
        var accounts = routes.MapGroup("/v1/service-accounts").WithTags("api keys");
        accounts.MapGet("", ListServiceAccounts.Handle).WithName("list_service_accounts").Needs(Permissions.ApiKeysRead);
        accounts.MapPost("", CreateServiceAccount.Handle).WithName("create_service_account").Needs(Permissions.ApiKeysWrite);
        accounts.MapGet("/{id:guid}", GetServiceAccount.Handle).WithName("get_service_account").Needs(Permissions.ApiKeysRead);
        accounts.MapPut("/{id:guid}", ChangeServiceAccount.Handle).WithName("change_service_account").Needs(Permissions.ApiKeysWrite);
        accounts.MapDelete("/{id:guid}", DeleteServiceAccount.Handle).WithName("delete_service_account").Needs(Permissions.ApiKeysWrite);
    }
}
