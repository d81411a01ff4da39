using System.Buffers;
using System.Text.Json;

namespace Fluxgate.Core.Expressions;

public readonly partial struct CelValue
{
    /// <summary>
    /// Reads strict JSON (RFC 8259): at most 64 levels, no member twice, no NUL, no half surrogate pair. A number without
    /// fraction or exponent that fits 64 bits is an int, any other a double.
    /// </summary>
    /// <exception cref="JsonException">Malformed text, or one of these rules broken.</exception>
    public static CelValue FromJson(ReadOnlySpan<byte> utf8) => CelJson.Read(utf8);

    /// <inheritdoc cref="FromJson(ReadOnlySpan{byte})"/>
    public static CelValue FromJson(JsonElement element) => CelJson.Read(element, CelJson.MaxDepth);

    /// <summary>
    /// Writes the value as JSON: int and uint as numbers, a double always with a fraction or exponent so that it is read
    /// back as one, NaN and infinities as text, bytes as base64, timestamps by RFC 3339, durations as <c>1.5s</c>, keys as
    /// text (of keys that then coincide the first stays), an optional as its value or null.
    /// </summary>
    public void WriteJson(Utf8JsonWriter writer) => CelJson.Write(writer, this);

    /// <summary>The value as UTF-8 JSON; see <see cref="WriteJson"/>.</summary>
    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            WriteJson(writer);
        return buffer.WrittenSpan.ToArray();
    }
}
