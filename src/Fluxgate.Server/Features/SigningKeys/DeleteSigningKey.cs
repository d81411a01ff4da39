using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Microsoft.AspNetCore.Mvc;

namespace Fluxgate.Server.Features.SigningKeys;

/// <summary>Signatures with it are refused from the next request on, on every node: each request reads its key.</summary>
internal static class DeleteSigningKey
{
    public static async Task<NoContent> Handle(
        Guid id, [FromRoute(Name = "signing_key_id")] Guid signingKey, OrganizationCaller caller, Database database, AuditLog audit, CancellationToken cancel) =>
        await database.As(caller).Attempt<Done>(async transaction =>
        {
            var keyId = await transaction.QueryOptional<string>($"""
                delete from signing_keys where organization_id = {caller.Organization} and api_key_id = {id} and id = {signingKey} returning key_id
                """, cancel);
            if (keyId is null)
                return Error.NotFound("signing_key");
            await audit.Append(transaction, caller.Organization, new AuditEntry("signing_key.deleted", "delete", caller.Actor, new AuditResource("api_key", id, null))
            {
                Details = JsonConventions.Object(new { keyId }),
            }, cancel);
            return default(Done);
        }, cancel);
}
