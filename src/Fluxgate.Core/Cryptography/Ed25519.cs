namespace Fluxgate.Core.Cryptography;

/// <summary>Signatures of RFC 8032, section 5.1; keys of small order, which would verify anything, verify nothing.</summary>
public static unsafe class Ed25519
{
    public const int PublicKeyBytes = 32;
    public const int SignatureBytes = 64;

    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        // libsodium reads fixed lengths; a shorter span would be read past its end.
        if (publicKey.Length != PublicKeyBytes || signature.Length != SignatureBytes)
            return false;
        fixed (byte* s = signature, m = message, k = publicKey)
            return Sodium.crypto_sign_verify_detached(s, m, (ulong)message.Length, k) == 0;
    }
}
