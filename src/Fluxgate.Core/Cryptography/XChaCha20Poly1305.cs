using System.Security.Cryptography;

namespace Fluxgate.Core.Cryptography;

/// <summary>
/// XChaCha20-Poly1305 with the 24-byte nonce (draft-irtf-cfrg-xchacha-03, section 2). The nonce is long enough to be
/// drawn at random for every message. A sealed message is the ciphertext followed by its 16-byte tag.
/// </summary>
public static unsafe class XChaCha20Poly1305
{
    public const int KeyBytes = 32;
    public const int NonceBytes = 24;
    public const int TagBytes = 16;

    /// <summary>Fills <paramref name="output"/>, which has <paramref name="plaintext"/>'s length + <see cref="TagBytes"/>.</summary>
    public static void Encrypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> output)
    {
        Check(key, nonce);
        if (output.Length != plaintext.Length + TagBytes)
            throw new ArgumentException("The output has the plaintext's length and room for the tag.", nameof(output));
        fixed (byte* o = output, p = plaintext, a = associatedData, n = nonce, k = key)
            _ = Sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(o, null, p, (ulong)plaintext.Length, a, (ulong)associatedData.Length, null, n, k);
    }

    /// <summary>Fills <paramref name="output"/>, which is <see cref="TagBytes"/> shorter than <paramref name="sealedMessage"/>; false if the message was not made with this key, nonce and associated data.</summary>
    public static bool TryDecrypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> sealedMessage, Span<byte> output)
    {
        Check(key, nonce);
        if (sealedMessage.Length < TagBytes)
            return false;
        if (output.Length != sealedMessage.Length - TagBytes)
            throw new ArgumentException("The output has the message's length without the tag.", nameof(output));
        fixed (byte* o = output, s = sealedMessage, a = associatedData, n = nonce, k = key)
            return Sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(o, null, null, s, (ulong)sealedMessage.Length, a, (ulong)associatedData.Length, n, k) == 0;
    }

    private static void Check(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce)
    {
        // libsodium reads fixed lengths; a shorter span would be read past its end.
        if (key.Length != KeyBytes)
            throw new CryptographicException("The key has 32 bytes.");
        if (nonce.Length != NonceBytes)
            throw new CryptographicException("The nonce has 24 bytes.");
    }
}
