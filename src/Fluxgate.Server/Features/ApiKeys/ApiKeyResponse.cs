using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.ApiKeys;

public enum ApiKeyState
{
    Active,
    Suspended,
    Expired,
    Revoked,
}

/// <summary>
/// A key without its secret. <paramref name="Prefix"/> is the part that logs show, <paramref name="Owner"/> the member who
/// answers for it. <paramref name="Networks"/> are the ranges that it is taken from, none for any. <paramref name="RotationDue"/>:
/// it is older than the installation likes. <paramref name="SignatureRequired"/>: its requests are taken only if they are signed.
/// </summary>
public sealed record ApiKeyResponse(
    Guid Id, string Name, string Prefix, ApiKeyState State, IReadOnlyList<string> Scopes, UserId? CreatedBy,
    DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt, string? RevokedReason, DateTimeOffset? SuspendedAt, string? SuspendedReason,
    DateTimeOffset? LastUsedAt, string? LastUsedNetwork, IReadOnlyList<string> Networks, UserId? Owner, Guid? ServiceAccountId, Guid? RotatedFrom, bool RotationDue, bool SignatureRequired);

internal sealed record ApiKeyRow(
    Guid Id, string Name, string Prefix, string[] Scopes, UserId? CreatedBy,
    DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt, string? RevokedReason, DateTimeOffset? SuspendedAt, string? SuspendedReason,
    DateTimeOffset? LastUsedAt, string? LastUsedNetwork, string[] Networks, UserId? OwnerId, Guid? ServiceAccountId, Guid? RotatedFrom, bool SignatureRequired)
{
    public static Sql Columns => $"""
        id, name, prefix, scopes, created_by, created_at, expires_at, revoked_at, revoked_reason, suspended_at, suspended_reason,
        last_used_at, last_used_network, networks, owner_id, service_account_id, rotated_from, signature_required
        """;

    /// <summary>The key of that id, if it is the caller's organization's.</summary>
    public static Sql Of(OrganizationCaller caller, Guid id) => $"select {Columns} from api_keys where organization_id = {caller.Organization} and id = {id}";

    public ApiKeyState State(DateTimeOffset now) =>
        RevokedAt is not null ? ApiKeyState.Revoked : ExpiresAt <= now ? ApiKeyState.Expired : SuspendedAt is not null ? ApiKeyState.Suspended : ApiKeyState.Active;

    public ApiKeyResponse ToResponse(DateTimeOffset now, ApiKeyOptions options) => new(
        Id, Name, Prefix, State(now), Scopes, CreatedBy, CreatedAt, ExpiresAt, RevokedAt, RevokedReason, SuspendedAt, SuspendedReason, LastUsedAt, LastUsedNetwork,
        Networks, OwnerId, ServiceAccountId, RotatedFrom, State(now) == ApiKeyState.Active && now - CreatedAt >= TimeSpan.FromDays(options.MaxAgeDays), SignatureRequired);
}
