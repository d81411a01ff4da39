using System.Security.Cryptography;

namespace Fluxgate.Core.Signatures;

/// <summary>The field <c>Content-Digest</c> (RFC 9530, section 2).</summary>
public static class ContentDigest
{
    /// <summary>The digests of the field by algorithm, <c>sha-256</c> and <c>sha-512</c>; null without one of them. Others are passed over, as the standard says.</summary>
    public static IReadOnlyDictionary<string, byte[]>? Read(string field)
    {
        if (StructuredFields.Dictionary(field) is not { } members)
            return null;
        var known = new Dictionary<string, byte[]>();
        foreach (var (name, item) in members)
        {
            if (name is not ("sha-256" or "sha-512"))
                continue;
            if (item.Value is not byte[] digest)
                return null;
            known[name] = digest;
        }
        return known.Count == 0 ? null : known;
    }

    /// <summary>Whether each of the digests is that of what <paramref name="content"/> still holds.</summary>
    public static async Task<bool> Fits(IReadOnlyDictionary<string, byte[]> digests, Stream content, CancellationToken cancel)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var sha512 = digests.ContainsKey("sha-512") ? IncrementalHash.CreateHash(HashAlgorithmName.SHA512) : null;
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await content.ReadAsync(buffer, cancel)) > 0)
        {
            sha256.AppendData(buffer, 0, read);
            sha512?.AppendData(buffer, 0, read);
        }
        return Same(digests, "sha-256", sha256) & Same(digests, "sha-512", sha512);
    }

    private static bool Same(IReadOnlyDictionary<string, byte[]> digests, string name, IncrementalHash? hash) =>
        !digests.TryGetValue(name, out var digest) || CryptographicOperations.FixedTimeEquals(digest, hash!.GetHashAndReset());
}
