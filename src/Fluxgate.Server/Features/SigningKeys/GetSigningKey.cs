using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Microsoft.AspNetCore.Mvc;

namespace Fluxgate.Server.Features.SigningKeys;

internal static class GetSigningKey
{
    public static async Task<Reply<SigningKeyResponse>> Handle(
        Guid id, [FromRoute(Name = "signing_key_id")] Guid signingKey, OrganizationCaller caller, Database database, CancellationToken cancel) =>
        await database.As(caller).QueryOptional<SigningKeyRow>($"""
            select id, key_id, algorithm, created_at from signing_keys where organization_id = {caller.Organization} and api_key_id = {id} and id = {signingKey}
            """, cancel) is { } row ? row.ToResponse() : Error.NotFound("signing_key");
}
