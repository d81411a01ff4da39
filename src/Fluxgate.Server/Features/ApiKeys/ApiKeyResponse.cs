using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Server.Features.ApiKeys;

public enum ApiKeyState
{
    Active,
    Expired,
    Revoked,
}

/// <summary>A key without its secret. <paramref name="Prefix"/> is the part that logs show.</summary>
public sealed record ApiKeyResponse(
    Guid Id, string Name, string Prefix, ApiKeyState State, IReadOnlyList<string> Scopes, UserId? CreatedBy,
    DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt, string? LastUsedNetwork);

internal sealed record ApiKeyRow(
    Guid Id, string Name, string Prefix, string[] Scopes, UserId? CreatedBy,
    DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt, string? LastUsedNetwork)
{
    public static Sql Columns => $"id, name, prefix, scopes, created_by, created_at, expires_at, revoked_at, last_used_at, last_used_network";

    public ApiKeyResponse ToResponse(DateTimeOffset now) => new(
        Id, Name, Prefix, RevokedAt is not null ? ApiKeyState.Revoked : ExpiresAt <= now ? ApiKeyState.Expired : ApiKeyState.Active,
        Scopes, CreatedBy, CreatedAt, ExpiresAt, RevokedAt, LastUsedAt, LastUsedNetwork);
}
