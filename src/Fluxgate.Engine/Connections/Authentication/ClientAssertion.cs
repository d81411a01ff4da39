using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Engine.Connections.Authentication;

/// <summary>A client's signed word of who it is (RFC 7523, section 3), as a compact JWS.</summary>
public static class ClientAssertion
{
    /// <summary>The type of assertion that a token endpoint is told (RFC 7523, section 2.2).</summary>
    public const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(2);

    /// <summary>For one use at <paramref name="audience"/>, within two minutes.</summary>
    public static string Sign(PrivateKeyJwtSecret secret, string audience, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        var header = new Dictionary<string, object> { ["alg"] = secret.Algorithm.ToString(), ["typ"] = "JWT" };
        if (secret.KeyId is { } kid)
            header["kid"] = kid;
        var claims = new Dictionary<string, object>
        {
            ["iss"] = secret.ClientId, ["sub"] = secret.ClientId, ["aud"] = audience, ["jti"] = Uuid.New(clock).ToString(),
            ["iat"] = now.ToUnixTimeSeconds(), ["exp"] = (now + Life).ToUnixTimeSeconds(),
        };
        var signed = $"{Part(header)}.{Part(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(Signature(secret, System.Text.Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>Why the key cannot sign by that algorithm, in words; null if it can.</summary>
    public static string? KeyFault(string privateKey, AssertionAlgorithm algorithm)
    {
        try
        {
            if (algorithm == AssertionAlgorithm.ES256)
            {
                using var curve = ECDsa.Create();
                curve.ImportFromPem(privateKey);
                return curve.KeySize == 256 ? null : "ES256 needs a key on the curve P-256.";
            }
            using var rsa = RSA.Create();
            rsa.ImportFromPem(privateKey);
            if (rsa.KeySize < 2048)
                return "An RSA key has at least 2048 bits.";
            _ = rsa.SignData([], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            return null;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return "Not an unencrypted private key in PEM of the kind that the algorithm needs.";
        }
    }

    private static byte[] Signature(PrivateKeyJwtSecret secret, byte[] signed)
    {
        if (secret.Algorithm == AssertionAlgorithm.ES256)
        {
            using var curve = ECDsa.Create();
            curve.ImportFromPem(secret.PrivateKey);
            return curve.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        using var rsa = RSA.Create();
        rsa.ImportFromPem(secret.PrivateKey);
        return rsa.SignData(signed, HashAlgorithmName.SHA256, secret.Algorithm == AssertionAlgorithm.PS256 ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
    }

    private static string Part(Dictionary<string, object> members) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(members));
}
