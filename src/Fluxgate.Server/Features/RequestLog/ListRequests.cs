using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.RequestLog;
using Microsoft.AspNetCore.Mvc;

namespace Fluxgate.Server.Features.RequestLog;

/// <summary>What the list is narrowed to. <see cref="Path"/> is a path as it was called, which is compared by its hash.</summary>
public sealed record RequestListQuery
{
    [FromQuery(Name = "api_key_id")]
    public Guid? ApiKeyId { get; init; }

    [FromQuery(Name = "client_key_id")]
    public Guid? ClientKeyId { get; init; }

    [FromQuery(Name = "user_id")]
    public Guid? UserId { get; init; }

    /// <summary>Those from that status on, such as 400.</summary>
    [FromQuery(Name = "status_from")]
    public int? StatusFrom { get; init; }

    [FromQuery(Name = "path")]
    public string? Path { get; init; }
}

/// <summary>
/// A request of a key, a page with a client key, or a member. <paramref name="Operation"/> is the name that the API's description has for it;
/// <paramref name="PathHash"/> the SHA-256 of its path in hexadecimal; <paramref name="Watermark"/> what its answer carried.
/// </summary>
public sealed record LoggedRequestResponse(
    Guid Id, DateTimeOffset At, Guid? ApiKeyId, string? ApiKeyPrefix, Guid? ClientKeyId, string? ClientKeyName, UserId? UserId, string? UserEmail, string Method, string? Operation, string PathHash, int Status, int DurationMs,
    string? Network, string? UserAgent, string Watermark);

internal sealed record RequestRow(
    Guid Id, Guid? ApiKeyId, string? ApiKeyPrefix, Guid? ClientKeyId, string? ClientKeyName, UserId? UserId, string? UserEmail, string Method, string? Operation, byte[] PathHash, int Status, int DurationMs, string? Network, string? UserAgent)
{
    public static Sql From(OrganizationCaller caller) => $"""
        select r.id, r.api_key_id, k.prefix as api_key_prefix, r.client_key_id, c.name as client_key_name, r.user_id, m.email as user_email, r.method, r.operation, r.path_hash, r.status, r.duration_ms, r.network, r.user_agent
        from request_log r
        left join api_keys k on k.organization_id = r.organization_id and k.id = r.api_key_id
        left join client_keys c on c.organization_id = r.organization_id and c.id = r.client_key_id
        left join members m on m.organization_id = r.organization_id and m.user_id = r.user_id
        where r.organization_id = {caller.Organization}
        """;

    public RequestIdentity Identity(OrganizationCaller caller) => new(caller.Organization, ApiKeyId, UserId) { ClientKey = ClientKeyId };

    public LoggedRequest Request => new(Id, Method, PathHash);

    public async Task<LoggedRequestResponse> ToResponse(OrganizationCaller caller, Watermark watermark, CancellationToken cancel) => new(
        Id, Uuid.Time(Id), ApiKeyId, ApiKeyPrefix, ClientKeyId, ClientKeyName, UserId, UserEmail, Method, Operation, Convert.ToHexStringLower(PathHash), Status, DurationMs, Network, UserAgent,
        await watermark.Of(Identity(caller), Request, cancel));
}

internal static class ListRequests
{
    public static async Task<Reply<Page<LoggedRequestResponse>>> Handle(
        OrganizationCaller caller, [AsParameters] RequestListQuery query, PageQuery page, Database database, Watermark watermark, CancellationToken cancel)
    {
        if (new Checks().Text(query.Path ?? " ", "/path", 1, 2000).That(query.StatusFrom is null or (>= 100 and <= 599), "/status_from", "range", "A status from 100 to 599.").Error() is { } invalid)
            return invalid;
        var pathHash = query.Path is { } path ? LoggedRequest.HashOf(path) : null;
        var rows = await database.As(caller).Query<RequestRow>($"""
            {RequestRow.From(caller)} and r.id < {page.Before}
              and ({query.ApiKeyId}::uuid is null or r.api_key_id = {query.ApiKeyId})
              and ({query.ClientKeyId}::uuid is null or r.client_key_id = {query.ClientKeyId})
              and ({query.UserId}::uuid is null or r.user_id = {query.UserId})
              and ({query.StatusFrom}::integer is null or r.status >= {query.StatusFrom})
              and ({pathHash}::bytea is null or r.path_hash = {pathHash})
            order by r.id desc
            limit {page.Limit + 1}
            """, cancel);
        var shown = new List<LoggedRequestResponse>(rows.Count);
        foreach (var row in rows)
            shown.Add(await row.ToResponse(caller, watermark, cancel));
        return Page<LoggedRequestResponse>.Of(shown, page.Limit, r => r.Id);
    }
}
