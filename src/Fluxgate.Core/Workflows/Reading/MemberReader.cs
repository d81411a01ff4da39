using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Core.Workflows.Reading;

/// <summary>Reads typed members of a map; what is missing or of another type becomes a fault and null.</summary>
internal sealed class MemberReader(DocumentMap map, string pointer, DocumentFaults faults)
{
    public void RefuseUnknown(IReadOnlyCollection<string> known)
    {
        foreach (var (name, value) in map.Members)
            if (!known.Contains(name))
                faults.Add($"{pointer}/{DocumentFaults.Escape(name)}", "unknown", $"There is no member of this name here; known are {string.Join(", ", known)}.", value);
    }

    public DocumentMap? Map(string name, bool required) => Get<DocumentMap>(name, required, "a map");

    public DocumentList? List(string name, bool required) => Get<DocumentList>(name, required, "a list");

    public string? Text(string name, bool required, int max)
    {
        if (Scalar(name, CelKind.String, required, "text") is not { } value)
            return null;
        var text = value.AsString;
        if (text.Length >= (required ? 1 : 0) && text.Length <= max)
            return text;
        faults.Add(Pointer(name), "length", $"At most {max} characters{(required ? ", at least one" : "")}.", map[name]);
        return null;
    }

    public long? Integer(string name, bool required, long min = long.MinValue, long max = long.MaxValue)
    {
        if (Scalar(name, CelKind.Int, required, "a whole number") is not { } value)
            return null;
        if (value.AsInt >= min && value.AsInt <= max)
            return value.AsInt;
        faults.Add(Pointer(name), "range", $"Between {min} and {max}.", map[name]);
        return null;
    }

    public double? Number(string name, double min, double max)
    {
        if (map[name] is not { } node)
            return null;
        double? number = node is DocumentScalar { Value: var value }
            ? value.Kind switch { CelKind.Int => value.AsInt, CelKind.Double => value.AsDouble, _ => null }
            : null;
        if (number >= min && number <= max)
            return number;
        faults.Add(Pointer(name), "range", $"A number between {min} and {max}.", node);
        return null;
    }

    public bool? Boolean(string name) => Scalar(name, CelKind.Bool, required: false, "true or false")?.AsBool;

    public TimeSpan? Duration(string name)
    {
        if (map[name] is not { } node)
            return null;
        if (node is DocumentScalar { Value: { Kind: CelKind.String } value } && Durations.TryParse(value.AsString, out var duration) && duration > TimeSpan.Zero)
            return duration;
        faults.Add(Pointer(name), "duration", "A duration such as 500ms, 30s, 5m, 24h or 7d.", node);
        return null;
    }

    public TEnum? Choice<TEnum>(string name) where TEnum : struct, Enum
    {
        if (Text(name, required: false, max: 50) is not { } text)
            return null;
        if (SnakeCase.TryParse<TEnum>(text, out var value))
            return value;
        faults.Add(Pointer(name), "choice", $"One of {string.Join(", ", Enum.GetValues<TEnum>().Select(SnakeCase.From))}.", map[name]);
        return null;
    }

    /// <summary>A list of JSON pointers (RFC 6901).</summary>
    public IReadOnlyList<string> Pointers(string name)
    {
        if (List(name, required: false) is not { } list)
            return [];
        var pointers = new List<string>();
        foreach (var item in list.Items)
        {
            if (item is DocumentScalar { Value: { Kind: CelKind.String } value } && value.AsString is "" or ['/', ..] && value.AsString.Length <= 500)
                pointers.Add(value.AsString);
            else
                faults.Add(Pointer(name), "pointer", "Each is a JSON pointer such as /customer/email; an empty one means all of it.", item);
        }
        return pointers;
    }

    private CelValue? Scalar(string name, CelKind kind, bool required, string what)
    {
        if (Get<DocumentScalar>(name, required, what) is not { } scalar)
            return null;
        if (scalar.Value.Kind == kind)
            return scalar.Value;
        faults.Add(Pointer(name), "type", $"This is {what}.", scalar);
        return null;
    }

    private T? Get<T>(string name, bool required, string what) where T : DocumentNode
    {
        switch (map[name])
        {
            case T node:
                return node;
            case null when required:
                faults.Add(Pointer(name), "required", $"'{name}' is missing.", map);
                return null;
            case null:
                return null;
            case var other:
                faults.Add(Pointer(name), "type", $"This is {what}.", other);
                return null;
        }
    }

    private string Pointer(string name) => $"{pointer}/{DocumentFaults.Escape(name)}";
}
