using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Fluxgate.Engine.Connections.Authentication;

/// <summary>AWS Signature Version 4 in headers: canonical request, string to sign, derived key.</summary>
internal static class AwsSignature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The headers that sign the request. Host, date, token and content type are signed, for S3 the body's hash as a header too.</summary>
    public static IReadOnlyList<(string Name, string Value)> Sign(
        AwsSecret secret, string method, Uri address, IReadOnlyList<(string Name, string Value)> headers, byte[]? body, DateTimeOffset now)
    {
        var time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var payload = Hex(SHA256.HashData(body ?? []));
        var isS3 = secret.Service == "s3";
        var added = new List<(string Name, string Value)> { ("X-Amz-Date", time) };
        if (isS3)
            added.Add(("X-Amz-Content-Sha256", payload));
        if (secret.SessionToken is { } token)
            added.Add(("X-Amz-Security-Token", token));

        var signed = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = address.Authority };
        foreach (var (name, value) in headers.Where(h => h.Name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)).Concat(added))
            signed[name.ToLowerInvariant()] = Spaces(value);
        var names = string.Join(';', signed.Keys);
        var canonical = string.Join('\n',
            method, Path(address, isS3), Query(address), string.Concat(signed.Select(h => $"{h.Key}:{h.Value}\n")), names, payload);
        var scope = $"{time[..8]}/{secret.Region}/{secret.Service}/aws4_request";
        var text = string.Join('\n', Algorithm, time, scope, Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
        var key = Encoding.UTF8.GetBytes("AWS4" + secret.SecretAccessKey);
        foreach (var part in (string[])[time[..8], secret.Region, secret.Service, "aws4_request"])
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        var signature = Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
        return [.. added, ("Authorization", $"{Algorithm} Credential={secret.AccessKeyId}/{scope}, SignedHeaders={names}, Signature={signature}")];
    }

    /// <summary>The path as it goes over the wire, each segment encoded once more; S3 alone takes it as it is.</summary>
    private static string Path(Uri address, bool isS3) =>
        isS3 ? address.AbsolutePath : string.Join('/', address.AbsolutePath.Split('/').Select(Uri.EscapeDataString));

    private static string Query(Uri address) => string.Join('&', address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(p => p.IndexOf('=', StringComparison.Ordinal) is >= 0 and var at ? (Name: p[..at], Value: p[(at + 1)..]) : (Name: p, Value: ""))
        .Select(p => (Name: Encode(p.Name), Value: Encode(p.Value)))
        .OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Value, StringComparer.Ordinal)
        .Select(p => $"{p.Name}={p.Value}"));

    private static string Encode(string text) => Uri.EscapeDataString(Uri.UnescapeDataString(text));

    private static string Spaces(string value) => string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
