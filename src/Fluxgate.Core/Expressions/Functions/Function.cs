using System.Collections.Frozen;
using Fluxgate.Core.Expressions.Evaluation;

namespace Fluxgate.Core.Expressions.Functions;

/// <summary>A function; for a call on a target, <c>target.name(…)</c>, the target is the first argument.</summary>
internal delegate CelValue Function(scoped ReadOnlySpan<CelValue> arguments, ref Frame frame);

/// <summary>A function under its name: a name that starts with a dot is called on a target, which its counts include.</summary>
internal readonly record struct NamedFunction(string Name, int Fewest, int Most, Function Body);

/// <summary>Every function there is. Nothing registers more at run time.</summary>
internal static class FunctionTable
{
    /// <summary>Functions that the scope answers by a literal name.</summary>
    public static readonly FrozenSet<string> OfScope = FrozenSet.Create("kv");

    private static readonly FrozenDictionary<string, NamedFunction> Functions =
        ((IEnumerable<NamedFunction>)[
            .. StandardFunctions.All, .. TimeFunctions.All, .. StringFunctions.All, .. MathFunctions.All,
            .. ListFunctions.All, .. SetFunctions.All, .. OptionalFunctions.All, .. EncoderFunctions.All,
        ]).ToFrozenDictionary(function => function.Name, StringComparer.Ordinal);

    public static bool Contains(string name) => Functions.ContainsKey(name);

    public static Function? Find(string name, int arguments) =>
        Functions.TryGetValue(name, out var function) && arguments >= function.Fewest && arguments <= function.Most ? function.Body : null;
}
