using System.Globalization;
using System.Security.Cryptography;

namespace Fluxgate.Core.Cryptography;

/// <summary>
/// Password hashes by Argon2id (RFC 9106) in the PHC string form <c>$argon2id$v=19$m=65536,t=3,p=1$salt$hash</c>.
/// Lanes are fixed to 1, as in libsodium.
/// </summary>
public static class Argon2id
{
    /// <summary>Memory in KiB: 64 MiB.</summary>
    public const int MemoryKib = 65536;

    /// <summary>Passes over the memory.</summary>
    public const int Passes = 3;

    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    public static string Hash(ReadOnlySpan<byte> password)
    {
        Span<byte> salt = stackalloc byte[SaltBytes];
        RandomNumberGenerator.Fill(salt);
        Span<byte> hash = stackalloc byte[HashBytes];
        Derive(password, salt, Passes, MemoryKib, hash);
        return $"$argon2id$v=19$m={MemoryKib},t={Passes},p=1${Unpadded(salt)}${Unpadded(hash)}";
    }

    /// <summary>Whether <paramref name="password"/> belongs to <paramref name="phc"/>; false for a string of another form.</summary>
    public static bool Verify(ReadOnlySpan<byte> password, string phc)
    {
        var parts = phc.Split('$');
        if (parts is not ["", "argon2id", "v=19", var parameters, var saltText, var hashText])
            return false;
        var numbers = parameters.Split(',');
        if (numbers is not [['m', '=', .. var m], ['t', '=', .. var t], "p=1"])
            return false;
        var expected = FromUnpadded(hashText);
        Span<byte> actual = stackalloc byte[HashBytes];
        if (expected.Length != HashBytes)
            return false;
        Derive(password, FromUnpadded(saltText), int.Parse(t, CultureInfo.InvariantCulture), int.Parse(m, CultureInfo.InvariantCulture), actual);
        return CryptographicOperations.FixedTimeEquals(actual, expected);
    }

    /// <summary>Fills <paramref name="output"/> (16 bytes or more) from a password and a 16-byte salt.</summary>
    public static unsafe void Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int passes, int memoryKib, Span<byte> output)
    {
        if (salt.Length != SaltBytes)
            throw new ArgumentException("The salt has 16 bytes.", nameof(salt));
        int result;
        fixed (byte* o = output, p = password, s = salt)
            result = Sodium.crypto_pwhash(o, (ulong)output.Length, p, (ulong)password.Length, s, (ulong)passes, (nuint)memoryKib * 1024, Sodium.Argon2id13);
        if (result != 0)
            throw new InvalidOperationException("Argon2id failed, most likely for lack of memory.");
    }

    private static string Unpadded(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static byte[] FromUnpadded(string text) => Convert.FromBase64String(text + new string('=', (4 - (text.Length % 4)) % 4));
}
