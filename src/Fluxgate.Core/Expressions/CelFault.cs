using Fluxgate.Core.Kernel;

namespace Fluxgate.Core.Expressions;

/// <summary>
/// An error on its way through an evaluation. It travels as a value because <c>&amp;&amp;</c>, <c>||</c> and the
/// quantifiers may yet absorb it. A <see cref="Fatal"/> one (a spent budget) is never absorbed.
/// </summary>
internal sealed class CelFault(string code, string message, bool fatal = false)
{
    public bool Fatal => fatal;

    /// <summary>Offset in the source of the operation that failed; −1 until one claims it.</summary>
    public int Position { get; set; } = -1;

    public static CelFault Overload(string message) => new("expression.no_such_overload", message);

    public static CelFault Argument(string message) => new("expression.invalid_argument", message);

    public static CelFault Overflow(string message) => new("expression.overflow", message);

    public Error ToError(string source) =>
        Error.Refused(code, Position < 0 ? message : $"{SourceText.Place(source, Position)}: {message}");
}
