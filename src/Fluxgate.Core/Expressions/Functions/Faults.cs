namespace Fluxgate.Core.Expressions.Functions;

/// <summary>
/// Faults that several functions raise, worded once. No message of a fault holds a value that came from outside the
/// source: messages are stored and shown where the data of a run may not be.
/// </summary>
internal static class Faults
{
    private const int ExcerptLength = 40;

    public static CelValue NoConversion(string function, in CelValue value) =>
        CelValue.Failed(CelFault.Overload($"{function}() does not take {CelTypes.NameOf(value)}."));

    public static CelValue WrongArguments(string function, ReadOnlySpan<CelValue> arguments)
    {
        var kinds = new string[arguments.Length];
        for (var i = 0; i < kinds.Length; i++)
            kinds[i] = CelTypes.NameOf(arguments[i]);
        return CelValue.Failed(CelFault.Overload($"There is no {function}({string.Join(", ", kinds)})."));
    }

    public static CelValue Argument(string message) => CelValue.Failed(CelFault.Argument(message));

    public static CelValue Index(long index, int size) =>
        CelValue.Failed(new CelFault("expression.index_out_of_range", $"The index {index} is outside 0…{size}."));

    /// <summary>The start of a literal of the source, quoted, for a message.</summary>
    public static string Excerpt(in CelValue literal)
    {
        var text = Conversions.Text(literal);
        return text.Length <= ExcerptLength ? $"'{text}'" : $"'{text[..ExcerptLength]}…'";
    }
}
