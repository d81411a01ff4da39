using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.Credentials;

internal static class CredentialEndpoints
{
    public static void AddCredentials(this IServiceCollection services) => services.AddSingleton<AccountAuthorizations>();

    public static void MapCredentials(this IEndpointRouteBuilder routes)
    {
        var credentials = routes.MapGroup("/v1/credentials").WithTags("credentials");
        credentials.MapPost("", CreateCredential.Handle).WithName("create_credential").Needs(Permissions.CredentialsWrite);
        credentials.MapGet("", ListCredentials.Handle).WithName("list_credentials").Needs(Permissions.CredentialsRead).Filtered(ResourceKind.Credential);
        credentials.MapGet("/names", ListCredentialNames.Handle).WithName("list_credential_names").Needs(Permissions.CredentialsRead).Filtered(ResourceKind.Credential, Right.Use);
        credentials.MapGet("/{id:guid}", GetCredential.Handle).WithName("get_credential").Needs(Permissions.CredentialsRead).On(ResourceKind.Credential, Right.View);
        credentials.MapPut("/{id:guid}", UpdateCredential.Handle).WithName("update_credential").Needs(Permissions.CredentialsWrite).On(ResourceKind.Credential, Right.Edit);
        credentials.MapPut("/{id:guid}/secret", ReplaceSecret.Handle).WithName("replace_credential_secret").Needs(Permissions.CredentialsWrite).On(ResourceKind.Credential, Right.Edit);
        credentials.MapPost("/{id:guid}/connect", ConnectAccount.Handle).WithName("connect_account").Needs(Permissions.CredentialsConnect).On(ResourceKind.Credential, Right.Use);
        credentials.MapPost("/{id:guid}/disconnect", DisconnectAccount.Handle).WithName("disconnect_account").Needs(Permissions.CredentialsConnect).On(ResourceKind.Credential, Right.Use);
        credentials.MapPost("/callback", CompleteConnection.Handle).WithName("complete_account_connection").Needs(Permissions.CredentialsConnect);
        credentials.MapGet("/accounts", ListAccounts.Handle).WithName("list_my_accounts").Needs(Permissions.CredentialsConnect);
        credentials.MapGet("/{id:guid}/uses", ListUses.Handle).WithName("list_credential_uses").Needs(Permissions.CredentialsRead).On(ResourceKind.Credential, Right.View);
        credentials.MapDelete("/{id:guid}", DeleteCredential.Handle).WithName("delete_credential").Needs(Permissions.CredentialsWrite).On(ResourceKind.Credential, Right.Edit);
    }
}
