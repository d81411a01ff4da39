namespace Fluxgate.Data.Vault;

/// <summary>Seals and opens an organization's values in memory. Safe to use from many threads at once.</summary>
public sealed class OrganizationCipher
{
    private readonly Guid organization;
    private readonly SealingKey active;
    private readonly Dictionary<int, SealingKey> keys;

    internal OrganizationCipher(Guid organization, SealingKey active, IEnumerable<SealingKey> keys)
    {
        this.organization = organization;
        this.active = active;
        this.keys = keys.ToDictionary(k => k.Version);
    }

    /// <summary>The sealed value for <paramref name="field"/> of <paramref name="row"/>, 46 bytes longer than <paramref name="plaintext"/>.</summary>
    public byte[] Seal(SealedField field, Guid row, ReadOnlySpan<byte> plaintext) => active.Seal(organization, field, row, plaintext);

    /// <summary>The plaintext; <see cref="System.Security.Cryptography.CryptographicException"/> if the value was altered, or sealed for another organization, field or row.</summary>
    public byte[] Open(SealedField field, Guid row, ReadOnlySpan<byte> sealedValue) =>
        SealingKey.TryReadVersion(sealedValue, out var version) && keys.TryGetValue(version, out var key)
            ? key.Open(organization, field, row, sealedValue)
            : throw SealingKey.DoesNotOpen();
}
