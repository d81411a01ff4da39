using System.Text;
using Fluxgate.Core.Cryptography;

namespace Fluxgate.Server.Security.Signatures;

public enum SigningAlgorithm
{
    HmacSha256,
    Ed25519,
}

/// <summary>
/// What signing keys look like. A secret is <c>fgs_</c> and otherwise as an API key (<see cref="ApiKeyText"/>); its first 12
/// characters are the <c>keyid</c>. The HMAC key is the secret's text itself, so that any shell can sign.
/// </summary>
internal static class SigningKeyText
{
    private const string Marker = "fgs_";

    /// <summary>What precedes the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo (RFC 8410, section 4).</summary>
    private static readonly byte[] SubjectPublicKeyInfo = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

    public static string NewSecret() => ApiKeyText.New(Marker);

    public static byte[] HmacKey(string secret) => Encoding.ASCII.GetBytes(secret);

    /// <summary>The 32 bytes of a public key given as PEM (<c>BEGIN PUBLIC KEY</c>) or in Base64; null for anything else.</summary>
    public static byte[]? PublicKey(string text)
    {
        var base64 = text.Replace("-----BEGIN PUBLIC KEY-----", "", StringComparison.Ordinal).Replace("-----END PUBLIC KEY-----", "", StringComparison.Ordinal).Trim();
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length))
            return null;
        var given = bytes.AsSpan(0, length);
        if (given.StartsWith(SubjectPublicKeyInfo))
            given = given[SubjectPublicKeyInfo.Length..];
        return given.Length == Ed25519.PublicKeyBytes ? given.ToArray() : null;
    }
}
