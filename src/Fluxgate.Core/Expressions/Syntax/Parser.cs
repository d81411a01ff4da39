namespace Fluxgate.Core.Expressions.Syntax;

/// <summary>
/// Recursive descent over the grammar of the CEL language definition. Levels of nesting and the height of the tree are
/// both limited, so that neither parsing nor evaluating can run out of stack. A fault makes every later token the end,
/// which ends every loop; nothing is thrown.
/// </summary>
internal sealed partial class Parser
{
    private static readonly HashSet<string> Keywords = ["in", "true", "false", "null"];

    private static readonly HashSet<string> Reserved =
        ["as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return", "var", "void", "while"];

    /// <summary>Binary operators from <c>||</c> down, loosest first.</summary>
    private static readonly string[][] Levels = [["||"], ["&&"], ["==", "!=", "<", "<=", ">", ">=", "in"], ["+", "-"], ["*", "/", "%"]];

    private readonly Lexer lexer;
    private readonly int maxDepth;
    private SyntaxFault? fault;
    private Token current;
    private int depth;

    private Parser(string source, int maxDepth)
    {
        lexer = new Lexer(source, 0);
        this.maxDepth = maxDepth;
        Advance();
    }

    /// <summary>The tree, or the first fault.</summary>
    public static Expression? Parse(string source, int maxDepth, out SyntaxFault? fault)
    {
        var parser = new Parser(source, maxDepth);
        var tree = parser.Whole();
        if (parser.current.Kind != TokenKind.End)
            parser.Fail(parser.current.Start, $"{parser.current.Describe()} is unexpected");
        fault = parser.lexer.Fault is { } lexical && (parser.fault is null || lexical.Position <= parser.fault.Position) ? lexical : parser.fault;
        return fault is null ? tree : null;
    }

    private Expression Whole()
    {
        if (++depth > maxDepth)
            return Fail(current.Start, $"the nesting is deeper than {maxDepth} levels", "expression.too_deep");
        var expression = Chain(0);
        if (current.Is("?"))
        {
            var at = current.Start;
            Advance();
            var then = Chain(0);
            Expect(":");
            expression = Checked(new Conditional(at, expression, then, Whole()));
        }
        depth--;
        return expression;
    }

    private Expression Chain(int level)
    {
        if (level == Levels.Length)
            return Prefixed();
        var left = Chain(level + 1);
        if (level < 2)
            return LogicalChain(left, level);
        while (Operator(level) is { } name)
        {
            var at = current.Start;
            Advance();
            left = Checked(new Binary(at, name, left, Chain(level + 1)));
        }
        return left;
    }

    private Expression LogicalChain(Expression first, int level)
    {
        if (Operator(level) is null)
            return first;
        var at = current.Start;
        List<Expression> operands = [first];
        while (Operator(level) is not null)
        {
            Advance();
            operands.Add(Chain(level + 1));
        }
        return Checked(new Logical(at, level == 1, operands));
    }

    private string? Operator(int level) => current.Kind is TokenKind.Symbol or TokenKind.Identifier
        ? Array.Find(Levels[level], name => name == current.Text)
        : null;

    private Expression Prefixed()
    {
        if (!current.Is("!") && !current.Is("-"))
            return Member(Primary());
        var (at, symbol, count) = (current.Start, current.Text, 0);
        for (; current.Is(symbol); count++)
            Advance();
        if (symbol == "-" && count == 1 && current.Kind is TokenKind.Int or TokenKind.Double)
            return Member(Number(negative: true));

        // A run of signs is one or two: the second keeps its check of the type, and a thousand would be a deep tree.
        var operand = Member(Primary());
        for (var left = count % 2 == 0 ? 2 : 1; left > 0; left--)
            operand = Checked(new Unary(at, symbol, operand));
        return operand;
    }

    private Expression Member(Expression operand)
    {
        while (true)
        {
            var at = current.Start;
            if (current.Is("."))
            {
                Advance();
                var optional = Skip("?");
                if (current.Kind == TokenKind.Identifier && Keywords.Contains(current.Text))
                    return Fail(current.Start, $"'{current.Text}' is a word of the language: write .`{current.Text}`");
                if (current.Kind is not (TokenKind.Identifier or TokenKind.QuotedName))
                    return Fail(current.Start, $"a field name is expected, not {current.Describe()}");
                var name = current;
                Advance();
                operand = Checked(current.Is("(") && name.Kind == TokenKind.Identifier && !optional
                    ? new Call(name.Start, operand, name.Text, Arguments())
                    : new Select(name.Start, operand, name.Text, optional));
            }
            else if (current.Is("["))
            {
                Advance();
                var optional = Skip("?");
                var key = Whole();
                Expect("]");
                operand = Checked(new Subscript(at, operand, key, optional));
            }
            else if (current.Is("{") && operand is Identifier or Select)
                return Fail(at, "message literals are not part of this CEL: write a map, {'name': value}");
            else
                return operand;
        }
    }

    private void Advance() => current = fault is null ? lexer.Next() : current with { Kind = TokenKind.End, Text = "" };

    private bool Skip(string symbol)
    {
        if (!current.Is(symbol))
            return false;
        Advance();
        return true;
    }

    private void Expect(string symbol)
    {
        if (!Skip(symbol))
            Fail(current.Start, $"'{symbol}' is expected, not {current.Describe()}");
    }

    private Expression Checked(Expression expression) => expression.Height <= 2 * maxDepth
        ? expression
        : Fail(expression.Position, $"the expression is more than {2 * maxDepth} operations high", "expression.too_deep");

    private Literal Fail(int position, string message, string code = "expression.syntax")
    {
        fault ??= new SyntaxFault(code, position, message);
        Advance();
        return new Literal(position, CelValue.Null);
    }
}
