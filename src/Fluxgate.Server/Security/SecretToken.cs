using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Fluxgate.Server.Security;

/// <summary>Bearer secrets of 256 bits: the text goes to the person once, the database keeps its SHA-256.</summary>
internal static class SecretToken
{
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>A second secret that follows from a token, for one <paramref name="purpose"/>; it does not tell the token.</summary>
    public static string Derive(string token, string purpose) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(purpose)));

    public static bool Equal(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));
}
