using System.Security.Cryptography;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Data.Vault;

/// <summary>Reads the installation's key-encryption key and its secrets, and makes what is not there yet.</summary>
internal sealed class InstallationKeyRing(RootKey root, TimeProvider clock)
{
    private const string KeyEncryption = "key_encryption";

    /// <summary>All versions of the secret that are not retired; one is active.</summary>
    public async Task<InstallationSecretVersions> Load(Transaction transaction, InstallationSecret purpose, CancellationToken cancel)
    {
        var (wrappers, active) = await Wrappers(transaction, cancel);
        var rows = await ReadOrMake(transaction, SnakeCase.From(purpose), SealedField.DataKey, active, cancel);
        return new InstallationSecretVersions(
            rows.Single(r => r.State == KeyState.Active).Version, rows.ToDictionary(r => r.Version, r => KeyWrap.Open(r, Guid.Empty, SealedField.DataKey, wrappers)), clock.GetUtcNow());
    }

    /// <summary>Makes a further version and lets new work use it; the number of it.</summary>
    public async Task<int> Add(Transaction transaction, InstallationSecret purpose, CancellationToken cancel)
    {
        await Load(transaction, purpose, cancel);
        var (_, wrapper) = await Wrappers(transaction, cancel);
        var kind = SnakeCase.From(purpose);
        // The lock of the active row: of two that add at once the second finds the first one's.
        var version = await transaction.QueryOne<int>($"update installation_keys set state = {KeyState.DecryptOnly} where kind = {kind} and state = {KeyState.Active} returning version", cancel) + 1;
        var id = Uuid.New(clock);
        await transaction.Execute($"""
            insert into installation_keys (kind, version, id, state, wrapped_by, wrapped, created_at)
            values ({kind}, {version}, {id}, {KeyState.Active}, {wrapper.Version}, {wrapper.Seal(Guid.Empty, SealedField.DataKey, id, RandomNumberGenerator.GetBytes(SealingKey.KeyBytes))}, {clock.GetUtcNow()})
            """, cancel);
        return version;
    }

    private async Task<(List<SealingKey> All, SealingKey Active)> Wrappers(Transaction transaction, CancellationToken cancel)
    {
        var wrapping = await ReadOrMake(transaction, KeyEncryption, SealedField.InstallationKey, root.Key, cancel);
        var wrappers = wrapping.Select(r => KeyWrap.Unwrap(r, Guid.Empty, SealedField.InstallationKey, [root.Key])).ToList();
        return (wrappers, wrappers.Single(k => k.Version == wrapping.Single(r => r.State == KeyState.Active).Version));
    }

    private async Task<IReadOnlyList<KeyRow>> ReadOrMake(Transaction transaction, string kind, SealedField field, SealingKey wrapper, CancellationToken cancel)
    {
        var rows = await Read(transaction, kind, cancel);
        if (rows.Count > 0)
            return rows;
        var id = Uuid.New(clock);
        var wrapped = wrapper.Seal(Guid.Empty, field, id, RandomNumberGenerator.GetBytes(SealingKey.KeyBytes));
        await transaction.Execute($"""
            insert into installation_keys (kind, version, id, state, wrapped_by, wrapped, created_at)
            values ({kind}, 1, {id}, {KeyState.Active}, {wrapper.Version}, {wrapped}, {clock.GetUtcNow()})
            on conflict do nothing
            """, cancel);
        return await Read(transaction, kind, cancel); // another node's, if it was first
    }

    private static Task<IReadOnlyList<KeyRow>> Read(Transaction transaction, string kind, CancellationToken cancel) => transaction.Query<KeyRow>($"""
        select id, version, state, wrapped
        from installation_keys
        where kind = {kind} and state <> {KeyState.Retired}
        """, cancel);
}
