using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Fluxgate.Core.Cryptography;

namespace Fluxgate.Data.Audit;

/// <summary>A part of an event (its details, what was before, what is after) as the canonical JSON that is sealed.</summary>
public sealed class AuditObject
{
    /// <summary>What is larger is recorded by its digest, so that an event cannot be refused for its size.</summary>
    public const int MaxBytes = 256 * 1024;

    private AuditObject(byte[] canonical) => Canonical = canonical.Length <= MaxBytes
        ? canonical
        : CanonicalJson.From(new JsonObject { ["omitted_bytes"] = canonical.Length, ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(canonical)) });

    internal byte[] Canonical { get; }

    /// <summary>An object whose members <paramref name="write"/> writes, in ascending order of their names.</summary>
    public static AuditObject Of<T>(T subject, Action<AuditWriter, T> write)
    {
        var writer = new AuditWriter();
        writer.BeginObject();
        write(writer, subject);
        writer.EndObject();
        return new AuditObject(writer.ToArray());
    }

    public static implicit operator AuditObject?(JsonObject? members) => members is null ? null : new AuditObject(CanonicalJson.From(OutsideText.Escape(members)));
}
