using System.Security.Cryptography;

namespace Fluxgate.Core.Cryptography;

/// <summary>The hashes of a log's Merkle tree (RFC 6962, section 2.1).</summary>
public static class MerkleTree
{
    public const int HashBytes = 32;

    /// <summary>SHA-256(0x00 ‖ data): the prefix keeps a leaf from passing as an inner node.</summary>
    public static byte[] LeafHash(ReadOnlySpan<byte> data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([0x00]);
        hash.AppendData(data);
        return hash.GetHashAndReset();
    }
}
