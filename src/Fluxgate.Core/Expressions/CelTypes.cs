namespace Fluxgate.Core.Expressions;

/// <summary>The names of types as CEL writes them.</summary>
internal static class CelTypes
{
    public const string Timestamp = "google.protobuf.Timestamp";
    public const string Duration = "google.protobuf.Duration";

    /// <summary>The names that denote a type when no variable has them.</summary>
    public static readonly IReadOnlyDictionary<string, CelValue> Denotations = new[]
    {
        "bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type", "optional_type", Timestamp, Duration,
    }.ToDictionary(name => name, CelValue.Type, StringComparer.Ordinal);

    public static CelValue TypeOf(in CelValue value) => Denotations[NameOf(value)];

    public static string NameOf(in CelValue value) => value.Kind switch
    {
        CelKind.Null => "null_type",
        CelKind.Bool => "bool",
        CelKind.Int => "int",
        CelKind.Uint => "uint",
        CelKind.Double => "double",
        CelKind.String => "string",
        CelKind.Bytes => "bytes",
        CelKind.List => "list",
        CelKind.Map => "map",
        CelKind.Timestamp => Timestamp,
        CelKind.Duration => Duration,
        CelKind.Type => "type",
        CelKind.Optional => "optional_type",
        _ => "error",
    };
}
