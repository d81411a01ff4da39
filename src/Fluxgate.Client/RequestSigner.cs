using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Fluxgate.Client;

/// <summary>
/// Signs requests by HTTP Message Signatures (RFC 9421) with HMAC-SHA-256, in the one profile that a Fluxgate server takes.
/// <paramref name="secret"/> is what the server showed once; it is never sent.
/// </summary>
public sealed class RequestSigner(string secret)
{
    private const int KeyIdLength = 12;
    private const int SecondsValid = 60;

    private static readonly string[] OfRequest = ["Idempotency-Key", "If-Match"];

    private readonly byte[] key = Encoding.ASCII.GetBytes(secret);
    private readonly string keyId = secret.Length > KeyIdLength ? secret[..KeyIdLength] : throw new ArgumentException("This is no signing secret.", nameof(secret));

    /// <summary>
    /// Adds <c>Content-Digest</c>, <c>Signature-Input</c> and <c>Signature</c> to a request that is otherwise ready;
    /// <paramref name="target"/> is the whole address that it goes to.
    /// </summary>
    public async Task Sign(HttpRequestMessage request, Uri target, CancellationToken cancel = default)
    {
        var covered = new List<(string Name, string Value)> { ("@method", request.Method.Method), ("@target-uri", target.AbsoluteUri) };
        if (request.Content is { } content)
        {
            var digest = $"sha-256=:{Convert.ToBase64String(SHA256.HashData(await content.ReadAsByteArrayAsync(cancel)))}:";
            content.Headers.TryAddWithoutValidation("Content-Digest", digest);
            covered.Add(("content-type", content.Headers.ContentType!.ToString()));
            covered.Add(("content-digest", digest));
        }
        foreach (var name in OfRequest)
            if (request.Headers.TryGetValues(name, out var values))
                covered.Add((name.ToLowerInvariant(), string.Join(", ", values)));
        var created = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var parameters = string.Create(CultureInfo.InvariantCulture, $"""
            ({string.Join(' ', covered.Select(c => $"\"{c.Name}\""))});created={created};expires={created + SecondsValid};nonce="{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";keyid="{keyId}";tag="fluxgate"
            """);
        var text = string.Concat(covered.Select(c => $"\"{c.Name}\": {c.Value}\n")) + $"\"@signature-params\": {parameters}";
        request.Headers.TryAddWithoutValidation("Signature-Input", $"sig1={parameters}");
        request.Headers.TryAddWithoutValidation("Signature", $"sig1=:{Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)))}:");
    }
}
