using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Fluxgate.Core.Cryptography;

namespace Fluxgate.Data.Vault;

/// <summary>
/// One generation of one key, and the form of what it seals:
/// <c>format(1) algorithm(1) key version(4, big-endian) nonce(24) ciphertext tag(16)</c>.
/// The header, the organization, the field and the row are associated data: a value moved to another place does not
/// open. Each field has its own subkey (BLAKE2b), so that a weakness in the use of one does not reach another.
/// </summary>
internal sealed class SealingKey
{
    public const int KeyBytes = XChaCha20Poly1305.KeyBytes;

    private const byte Format = 1;
    private const byte Algorithm = 1; // XChaCha20-Poly1305
    private const int HeaderBytes = 6;
    private const int Overhead = HeaderBytes + XChaCha20Poly1305.NonceBytes + XChaCha20Poly1305.TagBytes;
    private const int ContextBytes = HeaderBytes + 16 + 2 + 16;

    private readonly byte[] key;
    private readonly ConcurrentDictionary<SealedField, byte[]> subkeys = new();

    /// <summary>Takes a copy in memory that the collector does not move, and wipes <paramref name="key"/>.</summary>
    public SealingKey(int version, byte[] key)
    {
        if (key.Length != KeyBytes)
            throw new CryptographicException("A key has 32 bytes.");
        Version = version;
        this.key = GC.AllocateUninitializedArray<byte>(KeyBytes, pinned: true);
        key.CopyTo(this.key, 0);
        CryptographicOperations.ZeroMemory(key);
    }

    public int Version { get; }

    /// <summary>The key version that a sealed value names; false if it is no sealed value of a known form.</summary>
    public static bool TryReadVersion(ReadOnlySpan<byte> sealedValue, out int version)
    {
        var known = sealedValue.Length >= Overhead && sealedValue[0] == Format && sealedValue[1] == Algorithm;
        version = known ? BinaryPrimitives.ReadInt32BigEndian(sealedValue[2..]) : 0;
        return known;
    }

    /// <param name="organization">Zero for what belongs to the installation.</param>
    /// <param name="field">Where the value is kept.</param>
    /// <param name="row">The id of the row that holds it.</param>
    /// <param name="plaintext">Any length.</param>
    public byte[] Seal(Guid organization, SealedField field, Guid row, ReadOnlySpan<byte> plaintext)
    {
        var output = new byte[plaintext.Length + Overhead];
        var header = output.AsSpan(0, HeaderBytes);
        header[0] = Format;
        header[1] = Algorithm;
        BinaryPrimitives.WriteInt32BigEndian(header[2..], Version);
        var nonce = output.AsSpan(HeaderBytes, XChaCha20Poly1305.NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        Span<byte> context = stackalloc byte[ContextBytes];
        WriteContext(context, header, organization, field, row);
        XChaCha20Poly1305.Encrypt(Subkey(field), nonce, context, plaintext, output.AsSpan(HeaderBytes + XChaCha20Poly1305.NonceBytes));
        return output;
    }

    /// <summary>The plaintext; <see cref="CryptographicException"/> if the value was not sealed by this key for this place.</summary>
    public byte[] Open(Guid organization, SealedField field, Guid row, ReadOnlySpan<byte> sealedValue)
    {
        if (!TryReadVersion(sealedValue, out var version) || version != Version)
            throw DoesNotOpen();
        var plaintext = new byte[sealedValue.Length - Overhead];
        Span<byte> context = stackalloc byte[ContextBytes];
        WriteContext(context, sealedValue[..HeaderBytes], organization, field, row);
        var nonce = sealedValue.Slice(HeaderBytes, XChaCha20Poly1305.NonceBytes);
        if (!XChaCha20Poly1305.TryDecrypt(Subkey(field), nonce, context, sealedValue[(HeaderBytes + XChaCha20Poly1305.NonceBytes)..], plaintext))
            throw DoesNotOpen();
        return plaintext;
    }

    /// <summary>One message for every cause, so that it tells nothing about the value or the key.</summary>
    public static CryptographicException DoesNotOpen() => new("A sealed value does not open: it was altered, moved, or sealed by a key that is not here.");

    /// <summary>Every part has a fixed length, so that no two places have the same bytes.</summary>
    private static void WriteContext(Span<byte> context, ReadOnlySpan<byte> header, Guid organization, SealedField field, Guid row)
    {
        header.CopyTo(context);
        organization.TryWriteBytes(context[HeaderBytes..], bigEndian: true, out _);
        BinaryPrimitives.WriteUInt16BigEndian(context[(HeaderBytes + 16)..], (ushort)field);
        row.TryWriteBytes(context[(HeaderBytes + 18)..], bigEndian: true, out _);
    }

    private byte[] Subkey(SealedField field) => subkeys.GetOrAdd(field, static (f, master) =>
    {
        Span<byte> message = stackalloc byte[23];
        "fluxgate field subkey"u8.CopyTo(message);
        BinaryPrimitives.WriteUInt16BigEndian(message[21..], (ushort)f);
        var subkey = GC.AllocateUninitializedArray<byte>(KeyBytes, pinned: true);
        Blake2b.Hash(master, message, subkey);
        return subkey;
    }, key);
}
