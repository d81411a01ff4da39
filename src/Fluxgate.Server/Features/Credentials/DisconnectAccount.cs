using System.Text;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Credentials;

/// <summary>Whether the provider took the tokens back too; here they are gone in any case.</summary>
public sealed record DisconnectAccountResponse(bool Revoked);

internal static class DisconnectAccount
{
    private sealed record Row(Guid Id, byte[] AccessToken, byte[]? RefreshToken);

    public static async Task<Reply<DisconnectAccountResponse>> Handle(
        Guid id, OrganizationCaller caller, Database database, AccountAuthorizations authorizations, AuditLog audit, CancellationToken cancel)
    {
        if (await authorizations.Name(caller, id, cancel) is not { } name)
            return CredentialErrors.NotFound;
        if (caller.User is not { } user)
            return AccountErrors.NeedsPerson;
        // Ours first: whatever the provider says, no run uses the account from here on.
        var row = await database.As(caller).Transact(async transaction =>
        {
            var gone = await transaction.QueryOptional<Row>($"""
                delete from credential_accounts where organization_id = {caller.Organization} and credential_id = {id} and user_id = {user}
                returning id, access_token, refresh_token
                """, cancel);
            if (gone is not null)
                await audit.Append(transaction, caller.Organization, new AuditEntry("credential.disconnected", "execute", caller.Actor, new AuditResource("credential", id, name)), cancel);
            return gone;
        }, cancel);
        if (row is null)
            return Error.NotFound("account");
        var client = await authorizations.Client(caller, id, cancel);
        if (!client.Succeeded)
            return new DisconnectAccountResponse(Revoked: false);
        var cipher = await authorizations.Vault.For(caller.Organization, cancel);
        var token = row.RefreshToken is { } refresh ? cipher.Open(SealedField.AccountRefreshToken, row.Id, refresh) : cipher.Open(SealedField.AccountAccessToken, row.Id, row.AccessToken);
        return new DisconnectAccountResponse(await authorizations.Endpoint.Revoke(
            client.Value.Secret, client.Value.Addresses, Encoding.UTF8.GetString(token), client.Value.Credential.AllowedHosts, client.Value.Policy, cancel));
    }
}
