using System.Security.Cryptography;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Data.Vault;

/// <summary>Reads the installation's key-encryption key and its secrets, and makes what is not there yet.</summary>
internal sealed class InstallationKeyRing(RootKey root, TimeProvider clock)
{
    private const string KeyEncryption = "key_encryption";

    public async Task<byte[]> Load(Transaction transaction, InstallationSecret purpose, CancellationToken cancel)
    {
        var wrapping = await ReadOrMake(transaction, KeyEncryption, SealedField.InstallationKey, root.Key, cancel);
        var wrappers = wrapping.Select(r => KeyWrap.Unwrap(r, Guid.Empty, SealedField.InstallationKey, [root.Key])).ToList();
        var active = wrappers.Single(k => k.Version == wrapping.Single(r => r.State == KeyState.Active).Version);
        var secret = await ReadOrMake(transaction, SnakeCase.From(purpose), SealedField.DataKey, active, cancel);
        return KeyWrap.Open(secret.Single(r => r.State == KeyState.Active), Guid.Empty, SealedField.DataKey, wrappers);
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
