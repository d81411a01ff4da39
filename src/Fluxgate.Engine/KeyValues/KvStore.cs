using Fluxgate.Core.Expressions;
using Fluxgate.Core.KeyValues;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;

namespace Fluxgate.Engine.KeyValues;

/// <summary>
/// The entries of an organization. Changes are made in the caller's transaction, one after the other for each name. The
/// caller has checked names and contents (<see cref="KvName"/>, <see cref="KvLimits"/>), and that the scope's workflow exists.
/// </summary>
public sealed class KvStore(KvOptions options, TimeProvider clock)
{
    /// <summary>Writes a value; errors <c>kv.stale</c>, <c>kv.exists</c>, <c>kv.too_many</c>.</summary>
    public async Task<Result<KvEntry>> Set(
        Transaction transaction, OrganizationId organization, OrganizationCipher cipher, KvScope scope, string key, KvContent content, KvPrecondition precondition, CancellationToken cancel)
    {
        var (row, before) = await Locked(transaction, organization, scope, key, cancel);
        if (!precondition.Holds(before))
            return precondition.Version == 0 ? KvErrors.Exists : KvErrors.Stale;
        if (before is null && await IsFull(transaction, organization, cancel))
            return KvErrors.TooMany(options.MaxEntries);
        var now = clock.GetUtcNow();
        var next = Next(row, scope, key, before?.CreatedAt ?? now, now) with
        {
            AllowedHosts = content.AllowedHosts is { } hosts ? KvLimits.Normalise(hosts) : null,
            ExpiresAt = now + content.TimeToLive,
        };
        return await Write(transaction, organization, cipher, next, content.Value, cancel);
    }

    /// <summary>The entry that was there; errors <c>kv_entry.not_found</c>, <c>kv.stale</c>.</summary>
    public async Task<Result<KvEntry>> Delete(Transaction transaction, OrganizationId organization, KvScope scope, string key, KvPrecondition precondition, CancellationToken cancel)
    {
        var (_, before) = await Locked(transaction, organization, scope, key, cancel);
        if (before is null)
            return precondition.Version is null ? KvErrors.NotFound : KvErrors.Stale;
        if (!precondition.Holds(before))
            return KvErrors.Stale;
        await transaction.Execute($"delete from kv_entries where organization_id = {organization} and id = {before.Id}", cancel);
        return before.Entry;
    }

    /// <summary>
    /// Adds to a whole number; one that is absent is 0, and only then <paramref name="timeToLive"/> counts: a counter ends with
    /// its time. Errors <c>kv.not_a_number</c>, <c>kv.overflow</c>, <c>kv.too_many</c>, <c>kv.secret_not_readable</c>.
    /// </summary>
    public async Task<Result<(KvEntry Entry, long Value)>> Increment(
        Transaction transaction, OrganizationId organization, OrganizationCipher cipher, KvScope scope, string key, long by, TimeSpan? timeToLive, CancellationToken cancel)
    {
        if (KvName.IsSecret(key))
            return KvErrors.SecretNumber;
        var (row, before) = await Locked(transaction, organization, scope, key, cancel);
        if (before is null && await IsFull(transaction, organization, cancel))
            return KvErrors.TooMany(options.MaxEntries);
        var current = before is null ? CelValue.From(0L) : before.Open(cipher);
        if (current.Kind != CelKind.Int)
            return KvErrors.NotANumber;
        var sum = (Int128)current.AsInt + by;
        if (sum < long.MinValue || sum > long.MaxValue)
            return KvErrors.Overflow;
        var now = clock.GetUtcNow();
        var next = Next(row, scope, key, before?.CreatedAt ?? now, now) with { ExpiresAt = before is null ? now + timeToLive : before.ExpiresAt };
        return (await Write(transaction, organization, cipher, next, CelValue.From((long)sum), cancel), (long)sum);
    }

    /// <summary>The row, and the same unless its time is over. The lock holds for names that are not there yet too.</summary>
    private async Task<(KvRow? Row, KvRow? Present)> Locked(Transaction transaction, OrganizationId organization, KvScope scope, string key, CancellationToken cancel)
    {
        string name = $"kv {organization} {scope} {key}";
        await transaction.Execute($"select pg_advisory_xact_lock(hashtextextended({name}, 0))", cancel);
        var row = await transaction.QueryOptional<KvRow>($"""
            select {KvRow.Columns} from kv_entries
            where organization_id = {organization} and workflow_id is not distinct from {scope.Workflow} and key = {key}
            """, cancel);
        return (row, row?.ExpiresAt <= clock.GetUtcNow() ? null : row);
    }

    /// <summary>Writers of other names may pass this at the same moment: the limit may be exceeded by as many as write at once.</summary>
    private async Task<bool> IsFull(Transaction transaction, OrganizationId organization, CancellationToken cancel) =>
        await transaction.QueryOne<long>($"""
            select count(*) from kv_entries where organization_id = {organization} and (expires_at is null or expires_at > {clock.GetUtcNow()})
            """, cancel) >= options.MaxEntries;

    /// <summary>Versions begin with the time: an entry that is deleted and written again does not count from where it did.</summary>
    private KvRow Next(KvRow? row, KvScope scope, string key, DateTimeOffset createdAt, DateTimeOffset now) => new(
        row?.Id ?? Uuid.New(clock), scope.Workflow, key, null, [], Math.Max((row?.Version ?? 0) + 1, now.ToUnixTimeMilliseconds()), null, createdAt, now);

    private static async Task<KvEntry> Write(Transaction transaction, OrganizationId organization, OrganizationCipher cipher, KvRow next, CelValue value, CancellationToken cancel)
    {
        var sealedValue = cipher.Seal(KvRow.FieldOf(next.Key), next.Id, value.ToJson());
        await transaction.Execute($"""
            insert into kv_entries (organization_id, id, workflow_id, key, allowed_hosts, value, version, expires_at, created_at, updated_at)
            values ({organization}, {next.Id}, {next.WorkflowId}, {next.Key}, {next.AllowedHosts}, {sealedValue}, {next.Version}, {next.ExpiresAt}, {next.CreatedAt}, {next.UpdatedAt})
            on conflict (organization_id, id) do update set allowed_hosts = excluded.allowed_hosts, value = excluded.value, version = excluded.version,
                expires_at = excluded.expires_at, created_at = excluded.created_at, updated_at = excluded.updated_at
            """, cancel);
        return next.Entry;
    }
}
