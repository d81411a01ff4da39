using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Credentials;

internal static class CredentialEndpoints
{
    public static void AddCredentials(this IServiceCollection services) => services.AddSingleton<AccountAuthorizations>();

    public static void MapCredentials(this IEndpointRouteBuilder routes)
    {
        var credentials = routes.MapGroup("/v1/credentials").WithTags("credentials");
        credentials.MapPost("", CreateCredential.Handle).WithName("create_credential").Needs(Permissions.CredentialsWrite);
        credentials.MapGet("", ListCredentials.Handle).WithName("list_credentials").Needs(Permissions.CredentialsRead);
        credentials.MapGet("/{id:guid}", GetCredential.Handle).WithName("get_credential").Needs(Permissions.CredentialsRead);
        credentials.MapPut("/{id:guid}", UpdateCredential.Handle).WithName("update_credential").Needs(Permissions.CredentialsWrite);
        credentials.MapPut("/{id:guid}/secret", ReplaceSecret.Handle).WithName("replace_credential_secret").Needs(Permissions.CredentialsWrite);
        credentials.MapPost("/{id:guid}/connect", ConnectAccount.Handle).WithName("connect_account").Needs(Permissions.CredentialsConnect);
        credentials.MapPost("/{id:guid}/disconnect", DisconnectAccount.Handle).WithName("disconnect_account").Needs(Permissions.CredentialsConnect);
        credentials.MapPost("/callback", CompleteConnection.Handle).WithName("complete_account_connection").Needs(Permissions.CredentialsConnect);
        credentials.MapGet("/accounts", ListAccounts.Handle).WithName("list_my_accounts").Needs(Permissions.CredentialsConnect);
        credentials.MapGet("/{id:guid}/uses", ListUses.Handle).WithName("list_credential_uses").Needs(Permissions.CredentialsRead);
        credentials.MapDelete("/{id:guid}", DeleteCredential.Handle).WithName("delete_credential").Needs(Permissions.CredentialsWrite);
    }
}
