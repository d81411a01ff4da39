using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Features.ApiKeys;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.SigningKeys;

/// <summary>Whether requests of the key are taken only if they are signed, whatever the organization's policy says.</summary>
public sealed record RequireSignatureRequest(bool Required);

internal static class RequireSignature
{
    private static readonly Error NoneToSignWith = Error.Refused("signing_key.missing", "Give the key a signing key first; else nothing could use it any more.");

    public static async Task<Reply<ApiKeyResponse>> Handle(
        Guid id, RequireSignatureRequest request, OrganizationCaller caller, Database database, AuditLog audit, ApiKeyOptions options, TimeProvider clock, CancellationToken cancel) =>
        await database.As(caller).Attempt<ApiKeyResponse>(async transaction =>
        {
            if (await transaction.QueryOptional<ApiKeyRow>($"{ApiKeyRow.Of(caller, id)} for update", cancel) is not { } key)
                return Error.NotFound("api_key");
            if (request.Required && !await transaction.QueryOne<bool>($"select exists (select from signing_keys where organization_id = {caller.Organization} and api_key_id = {id})", cancel))
                return NoneToSignWith;
            if (request.Required != key.SignatureRequired)
            {
                await transaction.Execute($"update api_keys set signature_required = {request.Required} where organization_id = {caller.Organization} and id = {id}", cancel);
                await audit.Append(transaction, caller.Organization, new AuditEntry("api_key.signing_changed", "update", caller.Actor, new AuditResource("api_key", id, key.Name))
                {
                    Before = JsonConventions.Object(new { key.SignatureRequired }),
                    After = JsonConventions.Object(new { SignatureRequired = request.Required }),
                }, cancel);
            }
            return (key with { SignatureRequired = request.Required }).ToResponse(clock.GetUtcNow(), options);
        }, cancel);
}
