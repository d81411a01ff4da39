namespace Fluxgate.Data.Vault;

/// <summary>Opens wrapped keys; the wrapping key's version stands in the wrapped value.</summary>
internal static class KeyWrap
{
    public static SealingKey Unwrap(KeyRow row, Guid organization, SealedField field, IReadOnlyList<SealingKey> wrappers) =>
        new(row.Version, Open(row, organization, field, wrappers));

    public static byte[] Open(KeyRow row, Guid organization, SealedField field, IReadOnlyList<SealingKey> wrappers) =>
        SealingKey.TryReadVersion(row.Wrapped, out var version) && wrappers.FirstOrDefault(w => w.Version == version) is { } wrapper
            ? wrapper.Open(organization, field, row.Id, row.Wrapped)
            : throw SealingKey.DoesNotOpen();
}
