using System.Security.Cryptography;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Data.Vault;

/// <summary>Reads an organization's keys, and makes the first of each kind where there is none.</summary>
internal sealed class OrganizationKeyRing(OrganizationId organization, RootKey root, TimeProvider clock)
{
    private enum Kind
    {
        KeyEncryption,
        Data,
    }

    public async Task<OrganizationCipher> Load(Transaction transaction, CancellationToken cancel)
    {
        var encryptionKeys = await LoadKind(transaction, Kind.KeyEncryption, SealedField.OrganizationKey, [root.Key], root.Key, cancel);
        var dataKeys = await LoadKind(transaction, Kind.Data, SealedField.DataKey, encryptionKeys.All, encryptionKeys.Active, cancel);
        return new OrganizationCipher(organization.Value, dataKeys.Active, dataKeys.All);
    }

    private async Task<(SealingKey Active, IReadOnlyList<SealingKey> All)> LoadKind(
        Transaction transaction, Kind kind, SealedField field, IReadOnlyList<SealingKey> wrappers, SealingKey activeWrapper, CancellationToken cancel)
    {
        var rows = await Read(transaction, kind, cancel);
        if (rows.Count == 0)
        {
            await MakeFirst(transaction, kind, field, activeWrapper, cancel);
            rows = await Read(transaction, kind, cancel); // another node's, if it was first
        }
        var keys = rows.ToDictionary(r => r.Version, r => KeyWrap.Unwrap(r, organization.Value, field, wrappers));
        return (keys[rows.Single(r => r.State == KeyState.Active).Version], [.. keys.Values]);
    }

    private Task<IReadOnlyList<KeyRow>> Read(Transaction transaction, Kind kind, CancellationToken cancel) => transaction.Query<KeyRow>($"""
        select id, version, state, wrapped
        from organization_keys
        where organization_id = {organization} and kind = {kind} and state <> {KeyState.Retired}
        """, cancel);

    private async Task MakeFirst(Transaction transaction, Kind kind, SealedField field, SealingKey wrapper, CancellationToken cancel)
    {
        var id = Uuid.New(clock);
        var wrapped = wrapper.Seal(organization.Value, field, id, RandomNumberGenerator.GetBytes(SealingKey.KeyBytes));
        await transaction.Execute($"""
            insert into organization_keys (organization_id, kind, version, id, state, wrapped_by, wrapped, created_at)
            values ({organization}, {kind}, 1, {id}, {KeyState.Active}, {wrapper.Version}, {wrapped}, {clock.GetUtcNow()})
            on conflict do nothing
            """, cancel);
    }
}
