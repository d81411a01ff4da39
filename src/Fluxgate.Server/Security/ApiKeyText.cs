using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Fluxgate.Server.Security;

/// <summary>
/// The text of an API key: <c>fgl_</c> for use, <c>fgt_</c> for tests, 8 characters that identify it, <c>_</c>, 43 of secret (256 bits in base 62) and
/// 6 of checksum (CRC-32 of all before, so that scanners and the gate tell a typo or a look-alike from a key without a
/// look-up). The first 12 characters are the only part that may be logged.
/// </summary>
internal static class ApiKeyText
{
    public const int PrefixLength = 12;

    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static readonly SearchValues<char> AlphabetValues = SearchValues.Create(Alphabet);
    private const string Live = "fgl_";
    private const string Test = "fgt_";
    private const int SecretLength = 43;
    private const int ChecksumLength = 6;
    private const int BodyLength = PrefixLength + 1 + SecretLength;

    /// <summary>What secret scanners look for.</summary>
    public const string Pattern = "fg[lt]_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}";

    public static string New(bool forTests = false) => New(forTests ? Test : Live);

    /// <summary>A new secret of this form, but of another kind, that four characters tell.</summary>
    public static string New(string marker) =>
        WithChecksum($"{marker}{RandomNumberGenerator.GetString(Alphabet, PrefixLength - marker.Length)}_{RandomNumberGenerator.GetString(Alphabet, SecretLength)}");

    /// <summary>Whether a key, or its prefix, is one for tests, which production refuses.</summary>
    public static bool IsForTests(string key) => key.StartsWith(Test, StringComparison.Ordinal);

    internal static string WithChecksum(string body) => body + Checksum(body);

    public static string Prefix(string key) => key[..PrefixLength];

    /// <summary>Whether the text has the form of a key and its checksum holds; says nothing about whether there is such a key.</summary>
    public static bool IsWellFormed([NotNullWhen(true)] string? text) => HasForm(text, Live) || HasForm(text, Test);

    /// <summary>The same for what begins with another <paramref name="marker"/> of four characters.</summary>
    public static bool HasForm([NotNullWhen(true)] string? text, string marker) =>
        text is { Length: BodyLength + ChecksumLength }
        && text.StartsWith(marker, StringComparison.Ordinal)
        && text[PrefixLength] == '_'
        && !text.AsSpan(Live.Length, PrefixLength - Live.Length).ContainsAnyExcept(AlphabetValues)
        && !text.AsSpan(PrefixLength + 1).ContainsAnyExcept(AlphabetValues)
        && text.AsSpan(BodyLength).SequenceEqual(Checksum(text[..BodyLength]));

    /// <summary>HMAC-SHA-256 of the whole key under the installation's pepper: a stolen table alone cannot be tested against.</summary>
    public static byte[] Hash(string key, byte[] pepper) => HMACSHA256.HashData(pepper, Encoding.ASCII.GetBytes(key));

    private static string Checksum(string body)
    {
        var rest = Crc32(Encoding.ASCII.GetBytes(body));
        return string.Create(ChecksumLength, rest, (text, value) =>
        {
            for (var i = text.Length - 1; i >= 0; i--, value /= (uint)Alphabet.Length)
                text[i] = Alphabet[(int)(value % (uint)Alphabet.Length)];
        });
    }

    /// <summary>CRC-32 as in ISO 3309: reflected polynomial 0xEDB88320, start and end inverted.</summary>
    internal static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0xEDB88320 & (uint)-(int)(crc & 1));
        }
        return ~crc;
    }
}
