using Fluxgate.Core.Expressions;

namespace Fluxgate.Core.Runs;

/// <summary>
/// Values of a run are what JSON can hold. A timestamp or other CEL value that an expression left in an output becomes
/// its JSON form when the step ends, not when it is read back, so that replay equals live.
/// </summary>
internal static class JsonShape
{
    internal static CelValue Of(CelValue value) => IsJson(value) ? value : CelValue.FromJson(value.ToJson());

    private static bool IsJson(CelValue value) => value.Kind switch
    {
        CelKind.Null or CelKind.Bool or CelKind.Int or CelKind.String => true,
        CelKind.Double => double.IsFinite(value.AsDouble) && value.AsDouble != Math.Truncate(value.AsDouble),
        CelKind.List => value.AsList.All(IsJson),
        CelKind.Map => value.AsMap.All(m => m.Key.Kind == CelKind.String && IsJson(m.Value)),
        _ => false,
    };
}
