using Fluxgate.Core.Expressions;
using Fluxgate.Core.KeyValues;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;

namespace Fluxgate.Engine.KeyValues;

/// <summary>
/// One entry without its value. <paramref name="Version"/> only grows, also when the entry is deleted and written again:
/// whoever compares it never takes another value for the one that it read.
/// </summary>
public sealed record KvEntry(
    Guid Id, WorkflowId? WorkflowId, Guid? FolderId, string Key, IReadOnlyList<string>? AllowedHosts, long Version, DateTimeOffset? ExpiresAt, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public KvScope Scope => WorkflowId is { } workflow ? KvScope.Of(workflow) : FolderId is { } folder ? KvScope.OfFolder(folder) : KvScope.Organization;

    public bool IsSecret => KvName.IsSecret(Key);
}

/// <summary>An entry as it is stored.</summary>
internal sealed record KvRow(
    Guid Id, WorkflowId? WorkflowId, Guid? FolderId, string Key, string[]? AllowedHosts, byte[] Value, long Version, DateTimeOffset? ExpiresAt, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static Sql Columns => $"id, workflow_id, folder_id, key, allowed_hosts, value, version, expires_at, created_at, updated_at";

    public KvEntry Entry => new(Id, WorkflowId, FolderId, Key, AllowedHosts, Version, ExpiresAt, CreatedAt, UpdatedAt);

    /// <summary>A secret is sealed as another field than a value: renamed in the database, it does not open as one.</summary>
    public static SealedField FieldOf(string key) => KvName.IsSecret(key) ? SealedField.KvSecret : SealedField.KvValue;

    public CelValue Open(OrganizationCipher cipher) => CelValue.FromJson(cipher.Open(FieldOf(Key), Id, Value));
}

/// <summary>What is written. <paramref name="AllowedHosts"/> is there for a secret and for nothing else: the only hosts that it may be sent to.</summary>
public sealed record KvContent(CelValue Value, IReadOnlyList<string>? AllowedHosts, TimeSpan? TimeToLive);

/// <summary>What must hold of the entry before it is changed: its version, or with version 0 that there is none.</summary>
public readonly record struct KvPrecondition(long? Version)
{
    public static KvPrecondition None { get; }

    internal bool Holds(KvRow? entry) => Version is not { } version || (entry?.Version ?? 0) == version;
}
