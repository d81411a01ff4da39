using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Engine.Connections.Authentication;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Credentials;

/// <summary>What the provider gave the browser: <paramref name="Code"/>, or <paramref name="Error"/>; <paramref name="Iss"/> if it tells its name.</summary>
public sealed record CompleteConnectionRequest(string State, string? Code = null, string? Error = null, string? Iss = null);

/// <summary>The caller's own account at a provider. <paramref name="Broken"/>: the provider takes it no more, connect again.</summary>
public sealed record AccountResponse(Guid CredentialId, string Credential, string? Scope, DateTimeOffset ConnectedAt, bool Broken);

internal static partial class CompleteConnection
{
    [GeneratedRegex("^[a-z_]{1,60}$")]
    private static partial Regex ErrorCode();

    private sealed record AuthorizationRow(Guid Id, Guid CredentialId, UserId UserId, Guid SessionId, byte[] Verifier, DateTimeOffset ExpiresAt);

    public static async Task<Reply<AccountResponse>> Handle(
        CompleteConnectionRequest request, OrganizationCaller caller, HttpContext context, Database database, AccountAuthorizations authorizations, AuditLog audit, TimeProvider clock,
        CancellationToken cancel)
    {
        if (caller.User is not { } user || context.Features.Get<PersonCaller>() is not { } person)
            return AccountErrors.NeedsPerson;
        if (new Checks().Text(request.State, "/state", 1, 300).Text(request.Code ?? "", "/code", 0, 4000).Text(request.Iss ?? "", "/iss", 0, 2000).Error() is { } invalid)
            return invalid;
        // Spent by the look, whatever comes of it: a state is good for one answer.
        var row = await database.As(caller).QueryOptional<AuthorizationRow>($"""
            delete from credential_authorizations where organization_id = {caller.Organization} and state_hash = {SecretToken.Hash(request.State)}
            returning id, credential_id, user_id, session_id, verifier, expires_at
            """, cancel);
        // Another person's or session's answer is an attempt to make somebody use a stranger's account (RFC 9700, section 4.7).
        if (row is null || row.UserId != user || row.SessionId != person.SessionId || row.ExpiresAt < clock.GetUtcNow())
            return AccountErrors.UnknownState;
        var client = await authorizations.Client(caller, row.CredentialId, cancel);
        if (client.Error is { } refused)
            return refused;
        var result = await Tokens(request, row, client.Value, caller, authorizations, cancel);
        var credential = client.Value.Credential;
        if (result.Error is { } failed)
        {
            await database.As(caller).Transact(transaction => audit.Append(transaction, caller.Organization, Entry("credential.connect_failed", caller, credential) with
            {
                Result = "failed", Details = new JsonObject { ["error"] = failed.Code },
            }, cancel), cancel);
            return failed;
        }
        return await Keep(result.Value, credential, user, caller, database, authorizations, audit, clock, cancel);
    }

    private static async Task<Result<IssuedToken>> Tokens(
        CompleteConnectionRequest request, AuthorizationRow row, AccountClient client, OrganizationCaller caller, AccountAuthorizations authorizations, CancellationToken cancel)
    {
        // RFC 9207, section 2.4: before anything is sent anywhere.
        var (issuer, namesItself) = (client.Addresses.Issuer, client.Addresses.NamesItself);
        if ((issuer is not null && request.Iss is not null && request.Iss != issuer) || (namesItself && request.Iss is null))
            return AccountErrors.WrongIssuer;
        if (request.Error is { } denied || request.Code is not { Length: > 0 })
            return AccountErrors.Denied(request.Error is { } code && ErrorCode().IsMatch(code) ? code : "it gave no code");
        var cipher = await authorizations.Vault.For(caller.Organization, cancel);
        var verifier = Encoding.ASCII.GetString(cipher.Open(SealedField.AuthorizationVerifier, row.Id, row.Verifier));
        return await authorizations.Endpoint.Exchange(
            client.Secret, client.Addresses, request.Code, authorizations.Redirect, verifier, client.Credential.AllowedHosts, client.Policy, cancel);
    }

    private static async Task<Reply<AccountResponse>> Keep(
        IssuedToken issued, Engine.Connections.ResolvedCredential credential, UserId user, OrganizationCaller caller, Database database, AccountAuthorizations authorizations,
        AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        var id = Uuid.New(clock);
        var now = clock.GetUtcNow();
        var (access, refresh) = AccountTokens.Seal(await authorizations.Vault.For(caller.Organization, cancel), id, issued);
        await database.As(caller).Transact(async transaction =>
        {
            // A new row: tokens are sealed for the row that they stand in.
            await transaction.Execute($"delete from credential_accounts where organization_id = {caller.Organization} and credential_id = {credential.Id} and user_id = {user}", cancel);
            await transaction.Execute($"""
                insert into credential_accounts
                    (organization_id, id, credential_id, user_id, secret_version, access_token, refresh_token, scope, refresh_at, expires_at, broken, connected_at)
                values ({caller.Organization}, {id}, {credential.Id}, {user}, {credential.SecretVersion}, {access}, {refresh}, {issued.Scope}, {issued.RefreshAt(now)}, {now + issued.Lifetime}, false, {now})
                """, cancel);
            await audit.Append(transaction, caller.Organization, Entry("credential.connected", caller, credential) with { Details = new JsonObject { ["scope"] = issued.Scope } }, cancel);
        }, cancel);
        return new AccountResponse(credential.Id, credential.Name, issued.Scope, now, Broken: false);
    }

    private static AuditEntry Entry(string type, OrganizationCaller caller, Engine.Connections.ResolvedCredential credential) =>
        new(type, "execute", caller.Actor, new AuditResource("credential", credential.Id, credential.Name));
}
