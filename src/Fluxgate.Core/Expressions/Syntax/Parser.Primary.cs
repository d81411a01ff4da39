using System.Globalization;

namespace Fluxgate.Core.Expressions.Syntax;

/// <summary>Names, literals, lists, maps and argument lists.</summary>
internal sealed partial class Parser
{
    private Expression Primary()
    {
        var token = current;
        switch (token.Kind)
        {
            case TokenKind.Literal:
                Advance();
                return new Literal(token.Start, token.Value);
            case TokenKind.Int or TokenKind.Uint or TokenKind.Double:
                return Number(negative: false);
            case TokenKind.Identifier:
                return Name(absolute: false);
        }
        switch (token.Text)
        {
            case "(" when token.Kind == TokenKind.Symbol:
                Advance();
                var inner = Whole();
                Expect(")");
                return inner;
            case "[" when token.Kind == TokenKind.Symbol:
                return List();
            case "{" when token.Kind == TokenKind.Symbol:
                return Map();
            case "." when token.Kind == TokenKind.Symbol:
                Advance();
                return current.Kind == TokenKind.Identifier ? Name(absolute: true) : Fail(current.Start, $"a name is expected, not {current.Describe()}");
            default:
                return Fail(token.Start, $"a value is expected, not {token.Describe()}");
        }
    }

    private Expression Name(bool absolute)
    {
        var token = current;
        if (!absolute && token.Text is "true" or "false" or "null")
        {
            Advance();
            return new Literal(token.Start, token.Text == "null" ? CelValue.Null : CelValue.From(token.Text == "true"));
        }
        if (Keywords.Contains(token.Text) || Reserved.Contains(token.Text))
            return Fail(token.Start, $"'{token.Text}' is a reserved word");
        Advance();
        return current.Is("(")
            ? Checked(new Call(token.Start, null, token.Text, Arguments()))
            : new Identifier(token.Start, token.Text, absolute);
    }

    private Literal Number(bool negative)
    {
        var token = current;
        Advance();
        if (token.Kind == TokenKind.Double)
        {
            var number = double.Parse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture);
            return new Literal(token.Start, CelValue.From(negative ? -number : number));
        }
        var digits = token.Text.AsSpan().TrimEnd("uU");
        var read = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size)
            : ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out size);
        if (!read || (token.Kind == TokenKind.Int && size > (negative ? 1UL << 63 : long.MaxValue)))
            return Fail(token.Start, $"{token.Describe()} does not fit 64 bits");
        return new Literal(token.Start, token.Kind == TokenKind.Uint ? CelValue.From(size) : CelValue.From(negative ? unchecked(-(long)size) : (long)size));
    }

    private Expression List()
    {
        var at = current.Start;
        Advance();
        List<Item> items = [];
        while (More("]"))
        {
            var optional = Skip("?");
            items.Add(new Item(Whole(), optional));
            if (!Skip(","))
                break;
        }
        Expect("]");
        return Checked(new ListLiteral(at, items));
    }

    private Expression Map()
    {
        var at = current.Start;
        Advance();
        List<Entry> entries = [];
        while (More("}"))
        {
            var optional = Skip("?");
            var key = Whole();
            Expect(":");
            entries.Add(new Entry(key, Whole(), optional));
            if (!Skip(","))
                break;
        }
        Expect("}");
        return Checked(new MapLiteral(at, entries));
    }

    private List<Expression> Arguments()
    {
        Advance();
        List<Expression> arguments = [];
        if (Skip(")"))
            return arguments;
        do
            arguments.Add(Whole());
        while (Skip(","));
        Expect(")");
        return arguments;
    }

    private bool More(string close) => current.Kind != TokenKind.End && !current.Is(close);
}
