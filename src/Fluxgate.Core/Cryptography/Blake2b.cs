using System.Security.Cryptography;

namespace Fluxgate.Core.Cryptography;

/// <summary>BLAKE2b (RFC 7693) with a key: a hash that only the key's holder can compute, here used to derive subkeys.</summary>
public static unsafe class Blake2b
{
    /// <summary>Fills <paramref name="output"/> (16–64 bytes) from a key of 16–64 bytes and a message of any length.</summary>
    public static void Hash(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, Span<byte> output)
    {
        if (key.Length is < 16 or > 64)
            throw new CryptographicException("The key has 16 to 64 bytes.");
        int result;
        fixed (byte* o = output, m = message, k = key)
            result = Sodium.crypto_generichash(o, (nuint)output.Length, m, (ulong)message.Length, k, (nuint)key.Length);
        if (result != 0)
            throw new CryptographicException("The output has 16 to 64 bytes.");
    }
}
