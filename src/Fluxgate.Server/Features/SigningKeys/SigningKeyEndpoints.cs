using Fluxgate.Server.Hosting;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Signatures;

namespace Fluxgate.Server.Features.SigningKeys;

internal static class SigningKeyEndpoints
{
    public static void AddSignedRequests(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSection<SignatureOptions>(configuration, SignatureOptions.Section);
        services.AddSingleton<RequestSignature>().AddSingleton<NonceLedger>().AddHostedService(s => s.GetRequiredService<NonceLedger>());
    }

    public static void MapSigningKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/v1/api-keys/{id:guid}/signing-keys").WithTags("api keys");
        keys.MapPost("", CreateSigningKey.Handle).WithName("create_signing_key").WithMetadata(new ShowsSecret()).Needs(Permissions.ApiKeysWrite);
        keys.MapGet("", ListSigningKeys.Handle).WithName("list_signing_keys").Needs(Permissions.ApiKeysRead);
        keys.MapGet("/{signing_key_id:guid}", GetSigningKey.Handle).WithName("get_signing_key").Needs(Permissions.ApiKeysRead);
        keys.MapDelete("/{signing_key_id:guid}", DeleteSigningKey.Handle).WithName("delete_signing_key").Needs(Permissions.ApiKeysWrite);
        routes.MapPut("/v1/api-keys/{id:guid}/signing", RequireSignature.Handle).WithName("require_signature").WithTags("api keys").Needs(Permissions.ApiKeysWrite);

        var policy = routes.MapGroup("/v1/settings/signed-requests").WithTags("settings");
        policy.MapGet("", GetSigningPolicy.Handle).WithName("get_signing_policy").Needs(Permissions.OrganizationRead);
        policy.MapPut("", UpdateSigningPolicy.Handle).WithName("update_signing_policy").Needs(Permissions.OrganizationWrite);
    }
}
