using System.Buffers;

namespace Fluxgate.Core.Cryptography;

/// <summary>
/// Writes canonical JSON (RFC 8785) member by member, for values whose shape the code knows: the same bytes as
/// <see cref="CanonicalJson.From(System.Text.Json.Nodes.JsonNode?)"/> without a tree to sort. Names must come in ascending
/// order; one that does not is a bug and throws.
/// </summary>
public sealed class CanonicalWriter
{
    private readonly ArrayBufferWriter<byte> output = new(1024);
    private readonly Stack<string?> last = new();
    private bool separate;

    public void BeginObject()
    {
        BeginValue();
        output.Write("{"u8);
        last.Push(null);
    }

    public void EndObject()
    {
        output.Write("}"u8);
        last.Pop();
        separate = true;
    }

    public void BeginArray()
    {
        BeginValue();
        output.Write("["u8);
    }

    public void EndArray()
    {
        output.Write("]"u8);
        separate = true;
    }

    public void Name(string name)
    {
        if (last.Pop() is { } before && string.CompareOrdinal(before, name) >= 0)
            throw new InvalidOperationException($"The member {name} comes before {before}.");
        last.Push(name);
        BeginValue();
        CanonicalJson.WriteString(output, name);
        output.Write(":"u8);
        separate = false;
    }

    public void Text(string? value)
    {
        BeginValue();
        if (value is null)
            output.Write("null"u8);
        else
            CanonicalJson.WriteString(output, value);
        separate = true;
    }

    public void Text(Guid? value)
    {
        BeginValue();
        if (value is { } id)
        {
            var text = output.GetSpan(38);
            text[0] = text[37] = (byte)'"';
            id.TryFormat(text[1..], out _);
            output.Advance(38);
        }
        else
            output.Write("null"u8);
        separate = true;
    }

    /// <summary>A whole number; beyond ± 2⁵³ it is rounded as the RFC says.</summary>
    public void Number(long value)
    {
        BeginValue();
        CanonicalJson.WriteNumber(output, value);
        separate = true;
    }

    public void True()
    {
        BeginValue();
        output.Write("true"u8);
        separate = true;
    }

    public void Null() => Text((string?)null);

    /// <summary>A value that is canonical already.</summary>
    public void Written(ReadOnlySpan<byte> canonical)
    {
        BeginValue();
        output.Write(canonical);
        separate = true;
    }

    public byte[] ToArray() => output.WrittenSpan.ToArray();

    private void BeginValue()
    {
        if (separate)
            output.Write(","u8);
        separate = false;
    }
}
