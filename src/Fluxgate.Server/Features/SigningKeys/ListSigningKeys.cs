using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Signatures;

namespace Fluxgate.Server.Features.SigningKeys;

/// <summary>A signing key of an API key, without its secret. <paramref name="KeyId"/> is the <c>keyid</c> of its signatures.</summary>
public sealed record SigningKeyResponse(Guid Id, string KeyId, SigningAlgorithm Algorithm, DateTimeOffset CreatedAt);

/// <summary>All of one API key: at most five, so there are no pages.</summary>
public sealed record SigningKeyList(IReadOnlyList<SigningKeyResponse> Items);

internal sealed record SigningKeyRow(Guid Id, string KeyId, SigningAlgorithm Algorithm, DateTimeOffset CreatedAt)
{
    public SigningKeyResponse ToResponse() => new(Id, KeyId, Algorithm, CreatedAt);
}

internal static class ListSigningKeys
{
    public static async Task<Reply<SigningKeyList>> Handle(Guid id, OrganizationCaller caller, Database database, CancellationToken cancel)
    {
        if (!await database.As(caller).QueryOne<bool>($"select exists (select from api_keys where organization_id = {caller.Organization} and id = {id})", cancel))
            return Error.NotFound("api_key");
        var rows = await database.As(caller).Query<SigningKeyRow>($"""
            select id, key_id, algorithm, created_at from signing_keys where organization_id = {caller.Organization} and api_key_id = {id} order by id
            """, cancel);
        return new SigningKeyList([.. rows.Select(r => r.ToResponse())]);
    }
}
