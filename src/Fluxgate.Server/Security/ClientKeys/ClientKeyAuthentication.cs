using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Security.RequestLog;

namespace Fluxgate.Server.Security.ClientKeys;

/// <summary>A page that shows a client key, on behalf of whoever looks at it.</summary>
internal sealed record PageCaller(OrganizationId Organization, Guid Key, Actor Actor);

/// <summary>
/// Takes a client key from a page of one of its origins. What a browser says about the origin binds browsers alone, so
/// the key proves nobody: it keeps other people's pages from spending the organization's limits, and no more.
/// </summary>
internal sealed class ClientKeyAuthentication(Database database, DenialLog denials)
{
    private sealed record KeyRow(OrganizationId OrganizationId, Guid Id, string Name, string[] Origins, DateTimeOffset? RevokedAt);

    /// <summary>One answer for malformed, unknown and revoked keys.</summary>
    private static readonly Error Invalid = new("client_key.invalid", ErrorKind.Unauthenticated, $"The client key in {ClientKeyText.Header} is missing, unknown or revoked.");
    private static readonly Error WrongOrigin = new("client_key.origin", ErrorKind.Forbidden, "This client key is not taken from pages of this origin.");

    public async Task<Result<PageCaller>> Authenticate(HttpContext context)
    {
        var presented = context.Request.Headers[ClientKeyText.Header].ToString();
        if (!ClientKeyText.IsWellFormed(presented))
            return Invalid;
        var row = await database.Platform.QueryOptional<KeyRow>($"select organization_id, id, name, origins, revoked_at from client_keys where key = {presented}", context.RequestAborted);
        if (row is null)
            return Invalid;
        context.Features.Set(new RequestIdentity(row.OrganizationId, null, null) { ClientKey = row.Id });
        if (row.RevokedAt is not null)
            return Invalid;
        var actor = new Actor(ActorKind.Anonymous, null, $"client key {ClientKeyText.Prefix(presented)}") { Network = context.Connection.RemoteIpAddress?.ToString() };
        // A request without an origin is from no page.
        if (!row.Origins.Contains(context.Request.Headers.Origin.ToString(), StringComparer.Ordinal))
        {
            denials.Note(actor, row.OrganizationId, "client_key.refused", new AuditResource("client_key", row.Id, row.Name), WrongOrigin.Code);
            return WrongOrigin;
        }
        return new PageCaller(row.OrganizationId, row.Id, actor);
    }
}
