using System.Buffers;
using System.Text;
using System.Text.Json;
using Fluxgate.Core.Expressions;

namespace Fluxgate.Core.Workflows.Reading;

/// <summary>JSON (RFC 8259) to <see cref="DocumentNode"/>; a duplicate member is a fault, comments and trailing commas are not JSON.</summary>
internal static class JsonDocumentReader
{
    public static DocumentNode? Read(string text, DocumentFaults faults)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var places = new TextPlaces(utf8);
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = WorkflowLimits.Depth });
        try
        {
            reader.Read();
            var root = ReadValue(ref reader, "", places, faults);
            if (reader.Read())
                throw new JsonException("More text follows the document.");
            return root;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            var (line, column) = places.Of(reader.BytesConsumed);
            faults.Add("", "json.malformed", "This is not well-formed JSON.", line, column);
            return null;
        }
    }

    private static DocumentNode ReadValue(ref Utf8JsonReader reader, string pointer, TextPlaces places, DocumentFaults faults)
    {
        var (line, column) = places.Of(reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var members = new List<(string, DocumentNode)>();
                var names = new HashSet<string>(StringComparer.Ordinal);
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var name = reader.GetString()!;
                    var place = places.Of(reader.TokenStartIndex);
                    reader.Read();
                    var child = $"{pointer}/{DocumentFaults.Escape(name)}";
                    var value = ReadValue(ref reader, child, places, faults);
                    if (names.Add(name))
                        members.Add((name, value));
                    else
                        faults.Add(child, "duplicate", "The member stands twice.", place.Line, place.Column);
                }
                return new DocumentMap(members, line, column);
            case JsonTokenType.StartArray:
                var items = new List<DocumentNode>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    items.Add(ReadValue(ref reader, $"{pointer}/{items.Count}", places, faults));
                return new DocumentList(items, line, column);
            default:
                return new DocumentScalar(CelValue.FromJson(reader.HasValueSequence ? reader.ValueSequence.ToArray() : RawToken(ref reader)), line, column);
        }
    }

    private static ReadOnlySpan<byte> RawToken(ref Utf8JsonReader reader) =>
        // A string's span is without its quotes; CelValue.FromJson reads whole tokens and so checks escapes and surrogates.
        reader.TokenType == JsonTokenType.String ? (byte[])[(byte)'"', .. reader.ValueSpan, (byte)'"'] : reader.ValueSpan;
}
