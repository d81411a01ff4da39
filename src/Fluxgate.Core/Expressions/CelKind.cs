namespace Fluxgate.Core.Expressions;

/// <summary>The types of the Common Expression Language, in the order the specification lists them.</summary>
public enum CelKind
{
    Null,
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    List,
    Map,
    Timestamp,
    Duration,
    Type,
    Optional,
}
