namespace Fluxgate.Core.Expressions.Syntax;

internal enum TokenKind
{
    End,
    Identifier,

    /// <summary>A field name in backticks, allowed after a dot only.</summary>
    QuotedName,
    Int,
    Uint,
    Double,

    /// <summary>Text or bytes; <see cref="Token.Value"/> has the escapes resolved.</summary>
    Literal,
    Symbol,
}

/// <summary>A word of the source, from <paramref name="Start"/> up to <paramref name="End"/> (UTF-16 offsets).</summary>
internal readonly record struct Token(TokenKind Kind, int Start, int End, string Text, CelValue Value)
{
    public bool Is(string symbol) => Kind == TokenKind.Symbol && Text == symbol;

    public string Describe() => Kind == TokenKind.End ? "the end" : $"'{(Text.Length > 20 ? Text[..20] + "…" : Text)}'";
}

/// <summary>What is wrong with a source, and where (UTF-16 offset).</summary>
internal sealed record SyntaxFault(string Code, int Position, string Message)
{
    public static SyntaxFault At(int position, string message) => new("expression.syntax", position, message);
}
