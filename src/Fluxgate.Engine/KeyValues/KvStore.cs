using Fluxgate.Core.Expressions;
using Fluxgate.Core.KeyValues;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Engine.Quotas;

namespace Fluxgate.Engine.KeyValues;

/// <summary>Whose turn it is to change the entry of a name: nobody else changes it before <see cref="Transaction"/> ends.</summary>
public sealed record KvTurn
{
    internal KvTurn(Transaction transaction, OrganizationId organization, KvScope scope, string key) =>
        (Transaction, Organization, Scope, Key) = (transaction, organization, scope, key);

    public Transaction Transaction { get; }

    internal OrganizationId Organization { get; }

    internal KvScope Scope { get; }

    internal string Key { get; }
}

/// <summary>
/// The entries of an organization. Changes are made one after the other for each name. The caller has checked names and
/// contents (<see cref="KvName"/>, <see cref="KvLimits"/>), and that the scope's workflow exists.
/// </summary>
public sealed class KvStore(KvOptions options, QuotaRoom quotas, TimeProvider clock)
{
    private readonly NamedTurns turns = new();

    /// <summary>Runs <paramref name="change"/> in a transaction when it is the caller's turn to change the entry, which need not be there.</summary>
    public Task<Result<T>> Change<T>(
        Session session, OrganizationId organization, KvScope scope, string key, Func<KvTurn, Task<Result<T>>> change, CancellationToken cancel) =>
        turns.Attempt(session, $"kv {organization} {scope} {key}", transaction => change(new KvTurn(transaction, organization, scope, key)), cancel);

    /// <summary>Writes a value; errors <c>kv.stale</c>, <c>kv.exists</c>, <c>kv.too_many</c>, <c>quota.kv_bytes</c>.</summary>
    public async Task<Result<KvEntry>> Set(
        KvTurn turn, OrganizationCipher cipher, KvContent content, KvPrecondition precondition, CancellationToken cancel)
    {
        var (row, before) = await Read(turn, cancel);
        if (!precondition.Holds(before))
            return precondition.Version == 0 ? KvErrors.Exists : KvErrors.Stale;
        if (before is null && await IsFull(turn, cancel))
            return KvErrors.TooMany(options.MaxEntries);
        var now = clock.GetUtcNow();
        var next = Next(row, turn, before?.CreatedAt ?? now, now) with
        {
            AllowedHosts = content.AllowedHosts is { } hosts ? KvLimits.Normalise(hosts) : null,
            ExpiresAt = now + content.TimeToLive,
        };
        return await Write(turn, cipher, next, content.Value, cancel);
    }

    /// <summary>The entry that was there; errors <c>kv_entry.not_found</c>, <c>kv.stale</c>.</summary>
    public async Task<Result<KvEntry>> Delete(KvTurn turn, KvPrecondition precondition, CancellationToken cancel)
    {
        var (_, before) = await Read(turn, cancel);
        if (before is null)
            return precondition.Version is null ? KvErrors.NotFound : KvErrors.Stale;
        if (!precondition.Holds(before))
            return KvErrors.Stale;
        await turn.Transaction.Execute($"delete from kv_entries where organization_id = {turn.Organization} and id = {before.Id}", cancel);
        return before.Entry;
    }

    /// <summary>
    /// Adds to a whole number; one that is absent is 0, and only then <paramref name="timeToLive"/> counts: a counter ends with
    /// its time. Errors <c>kv.not_a_number</c>, <c>kv.overflow</c>, <c>kv.too_many</c>, <c>kv.secret_not_readable</c>, <c>quota.kv_bytes</c>.
    /// </summary>
    public async Task<Result<(KvEntry Entry, long Value)>> Increment(
        KvTurn turn, OrganizationCipher cipher, long by, TimeSpan? timeToLive, CancellationToken cancel)
    {
        if (KvName.IsSecret(turn.Key))
            return KvErrors.SecretNumber;
        var (row, before) = await Read(turn, cancel);
        if (before is null && await IsFull(turn, cancel))
            return KvErrors.TooMany(options.MaxEntries);
        var current = before is null ? CelValue.From(0L) : before.Open(cipher);
        if (current.Kind != CelKind.Int)
            return KvErrors.NotANumber;
        var sum = (Int128)current.AsInt + by;
        if (sum < long.MinValue || sum > long.MaxValue)
            return KvErrors.Overflow;
        var now = clock.GetUtcNow();
        var next = Next(row, turn, before?.CreatedAt ?? now, now) with { ExpiresAt = before is null ? now + timeToLive : before.ExpiresAt };
        var written = await Write(turn, cipher, next, CelValue.From((long)sum), cancel);
        return written.Error is { } full ? full : (written.Value, (long)sum);
    }

    /// <summary>The row, and the same unless its time is over.</summary>
    private async Task<(KvRow? Row, KvRow? Present)> Read(KvTurn turn, CancellationToken cancel)
    {
        var row = await turn.Transaction.QueryOptional<KvRow>($"""
            select {KvRow.Columns} from kv_entries
            where organization_id = {turn.Organization} and workflow_id is not distinct from {turn.Scope.Workflow} and folder_id is not distinct from {turn.Scope.Folder} and key = {turn.Key}
            """, cancel);
        return (row, row?.ExpiresAt <= clock.GetUtcNow() ? null : row);
    }

    /// <summary>Writers of other names may pass this at the same moment: the limit may be exceeded by as many as write at once.</summary>
    private async Task<bool> IsFull(KvTurn turn, CancellationToken cancel) =>
        await turn.Transaction.QueryOne<long>($"""
            select count(*) from kv_entries where organization_id = {turn.Organization} and (expires_at is null or expires_at > {clock.GetUtcNow()})
            """, cancel) >= options.MaxEntries;

    /// <summary>Versions begin with the time: an entry that is deleted and written again does not count from where it did.</summary>
    private KvRow Next(KvRow? row, KvTurn turn, DateTimeOffset createdAt, DateTimeOffset now) => new(
        row?.Id ?? Uuid.New(clock), turn.Scope.Workflow, turn.Scope.Folder, turn.Key, null, [], Math.Max((row?.Version ?? 0) + 1, now.ToUnixTimeMilliseconds()), null, createdAt, now);

    private async Task<Result<KvEntry>> Write(KvTurn turn, OrganizationCipher cipher, KvRow next, CelValue value, CancellationToken cancel)
    {
        var sealedValue = cipher.Seal(KvRow.FieldOf(next.Key), next.Id, value.ToJson());
        await turn.Transaction.Execute($"""
            insert into kv_entries (organization_id, id, workflow_id, folder_id, key, allowed_hosts, value, version, expires_at, created_at, updated_at)
            values ({turn.Organization}, {next.Id}, {next.WorkflowId}, {next.FolderId}, {next.Key}, {next.AllowedHosts}, {sealedValue}, {next.Version}, {next.ExpiresAt}, {next.CreatedAt}, {next.UpdatedAt})
            on conflict (organization_id, id) do update set allowed_hosts = excluded.allowed_hosts, value = excluded.value, version = excluded.version,
                expires_at = excluded.expires_at, created_at = excluded.created_at, updated_at = excluded.updated_at
            """, cancel);
        return await quotas.Check(turn.Transaction, turn.Organization, Quota.KvBytes, () => Bytes(turn, cancel), cancel) is { } full ? full : next.Entry;
    }
    private static Task<long> Bytes(KvTurn turn, CancellationToken cancel) =>
        turn.Transaction.QueryOne<long>($"select coalesce(sum(octet_length(value)), 0)::bigint from kv_entries where organization_id = {turn.Organization}", cancel);
}
