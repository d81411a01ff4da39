using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Signatures;

/// <summary>
/// A signature as a sender's program makes it by the standard and the guide alone, each part of which a test can get wrong.
/// </summary>
internal sealed record RequestSigning(string KeyId, Func<byte[], byte[]> Sign)
{
    public long Created { get; init; } = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    public long? Expires { get; init; }

    public string Nonce { get; init; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public string Tag { get; init; } = "fluxgate";

    /// <summary>Put after the other parameters as it is.</summary>
    public string More { get; init; } = "";

    /// <summary>Left out of what is covered.</summary>
    public string[] Without { get; init; } = [];

    /// <summary>What is signed in the place of what is sent.</summary>
    public string? Target { get; init; }

    public static RequestSigning Hmac(string secret) => new(secret[..12], message => HMACSHA256.HashData(Encoding.ASCII.GetBytes(secret), message));

    public async Task<HttpResponseMessage> Send(TestClient client, HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        var (content, signed) = Signed(client.Address, method, path, body, headers);
        return await client.Send(method, path, content, [.. headers, .. signed]);
    }

    /// <summary>The content and the three fields that belong to it.</summary>
    public (HttpContent? Content, (string Name, string Value)[] Fields) Signed(Uri address, HttpMethod method, string path, object? body, params (string Name, string Value)[] headers)
    {
        List<(string Name, string Value)> covered = [("@method", method.Method), ("@target-uri", Target ?? new Uri(address, path).AbsoluteUri)];
        List<(string Name, string Value)> fields = [];
        ByteArrayContent? content = null;
        if (body is not null)
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(body);
            content = new ByteArrayContent(bytes) { Headers = { { "Content-Type", "application/json" } } };
            var digest = $"sha-256=:{Convert.ToBase64String(SHA256.HashData(bytes))}:";
            content.Headers.Add("Content-Digest", digest);
            covered.AddRange([("content-type", "application/json"), ("content-digest", digest)]);
        }
        covered.AddRange(headers.Where(h => h.Name is "Idempotency-Key" or "If-Match").Select(h => (h.Name.ToLowerInvariant(), h.Value)));
        covered.RemoveAll(c => Without.Contains(c.Name));
        var parameters = string.Create(CultureInfo.InvariantCulture,
            $"({string.Join(' ', covered.Select(c => $"\"{c.Name}\""))});created={Created};expires={Expires ?? Created + 300};nonce=\"{Nonce}\";keyid=\"{KeyId}\";tag=\"{Tag}\"{More}");
        var message = string.Concat(covered.Select(c => $"\"{c.Name}\": {c.Value}\n")) + $"\"@signature-params\": {parameters}";
        fields.Add(("Signature-Input", $"sig1={parameters}"));
        fields.Add(("Signature", $"sig1=:{Convert.ToBase64String(Sign(Encoding.UTF8.GetBytes(message)))}:"));
        return (content, [.. fields]);
    }
}
