using System.Buffers.Binary;
using System.Security.Cryptography;
using Fluxgate.Core.Cryptography;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Data.Audit;

/// <summary>
/// The hashes of the audit log. Each begins with a tag of its own, so that no hash of one kind passes as another:
/// <c>commitment = SHA-256(tag ‖ salt(32) ‖ length(u64) ‖ content)</c>,
/// <c>leaf = SHA-256(0x00 ‖ commitment)</c> (RFC 6962),
/// <c>chain(n) = SHA-256(tag ‖ chain(n−1) ‖ n(u64) ‖ leaf)</c>, where
/// <c>chain(−1) = SHA-256(tag ‖ organization)</c>. Numbers are big-endian.
/// The salt keeps a leaf from confirming a guess of an erased event's content.
/// </summary>
public static class AuditHash
{
    public const int Bytes = 32;

    /// <summary>What stands in the log for an event.</summary>
    public static byte[] Leaf(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> content)
    {
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(length, (ulong)content.Length);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("fluxgate audit commitment v1"u8);
        hash.AppendData(salt);
        hash.AppendData(length);
        hash.AppendData(content);
        return MerkleTree.LeafHash(hash.GetHashAndReset());
    }

    /// <summary>The link before an organization's first: logs of two organizations have no link in common.</summary>
    public static byte[] Genesis(OrganizationId organization)
    {
        Span<byte> message = stackalloc byte[39];
        "fluxgate audit log v1: "u8.CopyTo(message);
        organization.Value.TryWriteBytes(message[23..], bigEndian: true, out _);
        return SHA256.HashData(message);
    }

    /// <summary>The link of entry <paramref name="index"/>, from the link before it.</summary>
    public static byte[] Chain(ReadOnlySpan<byte> previous, long index, ReadOnlySpan<byte> leaf)
    {
        Span<byte> position = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(position, (ulong)index);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("fluxgate audit chain v1"u8);
        hash.AppendData(previous);
        hash.AppendData(position);
        hash.AppendData(leaf);
        return hash.GetHashAndReset();
    }
}
