namespace Fluxgate.Core.Expressions.Syntax;

/// <summary>A part of a parsed source. <paramref name="Position"/> is a UTF-16 offset, <paramref name="Height"/> the levels below and itself.</summary>
internal abstract record Expression(int Position, int Height)
{
    public static int Above(params IEnumerable<Expression> parts) => 1 + parts.Select(part => part.Height).DefaultIfEmpty(0).Max();
}

internal sealed record Literal(int Position, CelValue Value) : Expression(Position, 1);

/// <summary>A name; <paramref name="Absolute"/> if it starts with a dot, past every variable of a loop.</summary>
internal sealed record Identifier(int Position, string Name, bool Absolute) : Expression(Position, 1);

/// <summary><c>operand.field</c>, or <c>operand.?field</c>.</summary>
internal sealed record Select(int Position, Expression Operand, string Field, bool Optional) : Expression(Position, Above(Operand));

/// <summary><c>operand[key]</c>, or <c>operand[?key]</c>.</summary>
internal sealed record Subscript(int Position, Expression Operand, Expression Key, bool Optional) : Expression(Position, Above(Operand, Key));

/// <summary><c>name(arguments)</c>, or <c>target.name(arguments)</c>.</summary>
internal sealed record Call(int Position, Expression? Target, string Name, IReadOnlyList<Expression> Arguments)
    : Expression(Position, Above(Target is null ? Arguments : Arguments.Prepend(Target)));

internal sealed record Unary(int Position, string Operator, Expression Operand) : Expression(Position, Above(Operand));

internal sealed record Binary(int Position, string Operator, Expression Left, Expression Right) : Expression(Position, Above(Left, Right));

/// <summary>A whole chain of <c>&amp;&amp;</c> or of <c>||</c>.</summary>
internal sealed record Logical(int Position, bool IsAnd, IReadOnlyList<Expression> Operands) : Expression(Position, Above(Operands));

internal sealed record Conditional(int Position, Expression Condition, Expression Then, Expression Otherwise)
    : Expression(Position, Above(Condition, Then, Otherwise));

internal sealed record Item(Expression Value, bool Optional);

internal sealed record ListLiteral(int Position, IReadOnlyList<Item> Items) : Expression(Position, Above(Items.Select(item => item.Value)));

internal sealed record Entry(Expression Key, Expression Value, bool Optional);

internal sealed record MapLiteral(int Position, IReadOnlyList<Entry> Entries)
    : Expression(Position, Above(Entries.SelectMany<Entry, Expression>(entry => [entry.Key, entry.Value])));
