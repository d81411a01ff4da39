using System.Buffers;
using System.Text;

namespace Fluxgate.Core.Expressions.Syntax;

/// <summary>Cuts a source into tokens. After the first fault every further token is the end.</summary>
internal sealed class Lexer(string source, int start)
{
    private static readonly string[] Symbols =
        ["&&", "||", "==", "!=", "<=", ">=", "(", ")", "[", "]", "{", "}", ".", ",", ":", "?", "+", "-", "*", "/", "%", "!", "<", ">"];

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
    private static readonly SearchValues<char> QuotedCharacters = SearchValues.Create("_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-/ ");
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    private int position = start;

    public SyntaxFault? Fault { get; private set; }

    public Token Next()
    {
        SkipSpace();
        if (position >= source.Length || Fault is not null)
            return End();
        var first = source[position];
        if (StringStart() is { } prefix)
            return Literal(prefix);
        if (char.IsAsciiLetter(first) || first == '_')
            return Take(TokenKind.Identifier, Run(position, NameCharacters));
        if (char.IsAsciiDigit(first) || (first == '.' && char.IsAsciiDigit(At(position + 1))))
            return Number();
        if (first == '`')
            return QuotedName();
        foreach (var symbol in Symbols)
        {
            if (string.CompareOrdinal(source, position, symbol, 0, symbol.Length) == 0)
            {
                position += symbol.Length;
                return new Token(TokenKind.Symbol, position - symbol.Length, position, symbol, default);
            }
        }
        return Fail(position, $"the character {(char.IsControl(first) || char.IsSurrogate(first) ? $"U+{(int)first:X4}" : $"'{first}'")} has no meaning here");
    }

    private char At(int at) => at < source.Length ? source[at] : '\0';

    private int Run(int from, SearchValues<char> characters)
    {
        var length = source.AsSpan(from).IndexOfAnyExcept(characters);
        return length < 0 ? source.Length : from + length;
    }

    private Token Take(TokenKind kind, int end)
    {
        var token = new Token(kind, position, end, source[position..end], default);
        position = end;
        return token;
    }

    private Token End() => new(TokenKind.End, source.Length, source.Length, "", default);

    private Token Fail(int at, string message)
    {
        Fault ??= SyntaxFault.At(at, message);
        position = source.Length;
        return End();
    }

    private void SkipSpace()
    {
        while (position < source.Length)
        {
            if (source[position] is ' ' or '\t' or '\n' or '\r' or '\f')
                position++;
            else if (source[position] == '/' && At(position + 1) == '/')
                position = source.IndexOf('\n', position) is var end and >= 0 ? end : source.Length;
            else
                return;
        }
    }

    private Token Number()
    {
        if (source[position] == '0' && At(position + 1) is 'x' or 'X' && char.IsAsciiHexDigit(At(position + 2)))
            return Whole(Run(position + 2, HexDigits));
        var end = Digits(position);
        var whole = true;
        if (At(end) == '.' && char.IsAsciiDigit(At(end + 1)))
            (whole, end) = (false, Digits(end + 1));
        if (At(end) is 'e' or 'E')
        {
            var exponent = end + (At(end + 1) is '+' or '-' ? 2 : 1);
            if (char.IsAsciiDigit(At(exponent)))
                (whole, end) = (false, Digits(exponent));
        }
        return whole ? Whole(end) : Take(TokenKind.Double, end);
    }

    private Token Whole(int end) => At(end) is 'u' or 'U' ? Take(TokenKind.Uint, end + 1) : Take(TokenKind.Int, end);

    private int Digits(int from)
    {
        while (char.IsAsciiDigit(At(from)))
            from++;
        return from;
    }

    private Token QuotedName()
    {
        var end = Run(position + 1, QuotedCharacters);
        if (end == position + 1 || At(end) != '`')
            return Fail(position, "a name in backticks holds letters, digits and _ . - / or spaces");
        var token = new Token(TokenKind.QuotedName, position, end + 1, source[(position + 1)..end], default);
        position = end + 1;
        return token;
    }

    /// <summary>The letters r and b before a quote, in any case and order; null if no string starts here.</summary>
    private string? StringStart()
    {
        for (var length = 0; length <= 2; length++)
        {
            var next = At(position + length);
            if (next is '"' or '\'')
                return source.Substring(position, length).ToLowerInvariant() is var prefix && prefix is not ("rr" or "bb") ? prefix : null;
            if (next is not ('r' or 'R' or 'b' or 'B'))
                return null;
        }
        return null;
    }

    private Token Literal(string prefix)
    {
        var open = position + prefix.Length;
        var quote = source[open];
        var triple = At(open + 1) == quote && At(open + 2) == quote;
        var content = open + (triple ? 3 : 1);
        var raw = prefix.Contains('r', StringComparison.Ordinal);
        var end = content;
        for (; ; end++)
        {
            if (end >= source.Length)
                return Fail(position, "the string is not closed");
            if (source[end] == quote && (!triple || (At(end + 1) == quote && At(end + 2) == quote)))
                break;
            if (!triple && source[end] is '\n' or '\r')
                return Fail(position, "the string is not closed on its line");
            if (!raw && source[end] == '\\')
                end++;
        }

        if (!CodePoints.IsWellFormed(source.AsSpan(content, end - content)))
            return Fail(position, "the string holds half a surrogate pair");
        var bytes = prefix.Contains('b', StringComparison.Ordinal);
        CelValue value;
        if (raw)
        {
            var text = source[content..end];
            value = bytes ? CelValue.OwnedBytes(Encoding.UTF8.GetBytes(text)) : CelValue.From(text);
        }
        else
        {
            var escapes = new EscapeReader(source, content, end);
            value = bytes ? escapes.ReadBytes() : escapes.ReadText();
            if (escapes.Fault is { } fault)
                return Fail(fault.Position, fault.Message);
        }
        var close = end + (triple ? 3 : 1);
        var token = new Token(TokenKind.Literal, position, close, source[position..close], value);
        position = close;
        return token;
    }
}
