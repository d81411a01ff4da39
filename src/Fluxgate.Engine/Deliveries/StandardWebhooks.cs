using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Fluxgate.Engine.Deliveries;

/// <summary>The signature of Standard Webhooks 1.0: HMAC-SHA-256 over <c>id.timestamp.body</c>, as <c>v1,base64</c>.</summary>
public static class StandardWebhooks
{
    private const string SecretPrefix = "whsec_";

    /// <summary>A new secret of 256 bits in its text form.</summary>
    public static string NewSecret() => SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>Whether it is <c>whsec_</c> and base64 of 24–64 bytes, as the specification asks.</summary>
    public static bool IsSecret(string text)
    {
        var key = new byte[64];
        return text.StartsWith(SecretPrefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(text[SecretPrefix.Length..], key, out var length) && length >= 24;
    }

    public static string Sign(string secret, string id, DateTimeOffset timestamp, ReadOnlySpan<byte> body)
    {
        var key = Convert.FromBase64String(secret.StartsWith(SecretPrefix, StringComparison.Ordinal) ? secret[SecretPrefix.Length..] : secret);
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}."));
        hmac.AppendData(body);
        return $"v1,{Convert.ToBase64String(hmac.GetHashAndReset())}";
    }
}
