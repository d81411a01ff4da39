using Fluxgate.Core.Expressions.Functions;
using Fluxgate.Core.Expressions.Syntax;

namespace Fluxgate.Core.Expressions.Evaluation;

/// <summary>Turns a tree into nodes: binds names to loop variables or the scope, expands macros, and notes what is used.</summary>
internal sealed partial class Compiler(string? container)
{
    private readonly List<string> locals = [];
    private int size;

    public SyntaxFault? Fault { get; private set; }

    public Usage Usage { get; } = new();

    /// <summary>How many loop variables are alive at once at most.</summary>
    public int Slots { get; private set; }

    public Node Compile(Expression expression)
    {
        size++;
        return expression switch
        {
            Literal literal => new ConstantNode(literal.Position, literal.Value),
            Identifier or Select { Optional: false } when Path(expression) is { } path => CompilePath(path),
            Select select => CompileSelect(select),
            Subscript index => CompileIndex(index),
            Call call => CompileCall(call),
            Unary { Operator: "!" } not => new NotNode(not.Position, Compile(not.Operand)),
            Unary negate => new NegateNode(negate.Position, Compile(negate.Operand)),
            Logical logical => new LogicalNode(logical.Position, logical.IsAnd, CompileAll(logical.Operands)),
            Conditional choice => new ConditionalNode(choice.Position, Compile(choice.Condition), Compile(choice.Then), Compile(choice.Otherwise)),
            Binary binary => CompileBinary(binary),
            ListLiteral list => new ListNode(list.Position, CompileAll(list.Items.Select(item => item.Value)), [.. list.Items.Select(item => item.Optional)]),
            MapLiteral map => new MapNode(map.Position, [.. map.Entries.Select(entry => (Compile(entry.Key), Compile(entry.Value), entry.Optional))]),
            _ => Fail(expression.Position, "the expression is not understood"),
        };
    }

    private Node[] CompileAll(IEnumerable<Expression> expressions) => [.. expressions.Select(Compile)];

    private Node CompileBinary(Binary binary)
    {
        var (left, right, at) = (Compile(binary.Left), Compile(binary.Right), binary.Position);
        return binary.Operator switch
        {
            "==" => new EqualNode(at, left, right, expected: true),
            "!=" => new EqualNode(at, left, right, expected: false),
            "<" => new CompareNode(at, Comparison.Less, left, right),
            "<=" => new CompareNode(at, Comparison.LessOrEqual, left, right),
            ">" => new CompareNode(at, Comparison.Greater, left, right),
            ">=" => new CompareNode(at, Comparison.GreaterOrEqual, left, right),
            "in" => new InNode(at, left, right),
            "+" => new BinaryNode(at, Arithmetic.Add, left, right),
            "-" => new BinaryNode(at, Arithmetic.Subtract, left, right),
            "*" => new BinaryNode(at, Arithmetic.Multiply, left, right),
            "/" => new BinaryNode(at, Arithmetic.Divide, left, right),
            _ => new BinaryNode(at, Arithmetic.Remainder, left, right),
        };
    }

    /// <summary>A name with the fields selected from it, if the expression is only that.</summary>
    private static (Identifier Root, List<Select> Fields)? Path(Expression expression)
    {
        List<Select> fields = [];
        while (expression is Select { Optional: false } select)
        {
            fields.Insert(0, select);
            expression = select.Operand;
        }
        return expression is Identifier root ? (root, fields) : null;
    }

    private Node CompilePath((Identifier Root, List<Select> Fields) path)
    {
        var (root, fields) = path;
        var local = root.Absolute ? -1 : locals.LastIndexOf(root.Name);
        Node node = local >= 0 ? new LocalNode(root.Position, local) : new VariableNode(root.Position, root.Name);
        foreach (var field in fields)
            node = new SelectNode(field.Position, node, field.Field, optional: false);
        if (local >= 0)
            return node;
        var names = fields.Select(field => field.Field).Prepend(root.Name).ToArray();
        if (!CelTypes.Denotations.ContainsKey(string.Join('.', names)))
            Usage.Variable(root.Name, names.Length > 1 ? names[1] : null);
        return names.Length == 1 && container is null ? node : new PathNode(root.Position, names, root.Absolute ? null : container, node);
    }

    private SelectNode CompileSelect(Select select)
    {
        NoteMember(select.Operand, select.Field);
        return new SelectNode(select.Position, CompileOperand(select.Operand), select.Field, select.Optional);
    }

    private IndexNode CompileIndex(Subscript index)
    {
        if (index.Key is Literal { Value.Kind: CelKind.String } key)
            NoteMember(index.Operand, key.Value.RawString);
        return new IndexNode(
            index.Position,
            index.Key is Literal { Value.Kind: CelKind.String } ? CompileOperand(index.Operand) : Compile(index.Operand),
            Compile(index.Key),
            index.Optional);
    }

    /// <summary>Compiles what a literal member is taken of, so that a bare name does not count as used as a whole.</summary>
    private Node CompileOperand(Expression operand) => operand is Identifier root && IsFree(root)
        ? CompileFree(root)
        : Compile(operand);

    private Node CompileFree(Identifier root)
    {
        size++;
        var plain = new VariableNode(root.Position, root.Name);
        return container is null ? plain : new PathNode(root.Position, [root.Name], root.Absolute ? null : container, plain);
    }

    private void NoteMember(Expression operand, string member)
    {
        if (operand is Identifier root && IsFree(root))
            Usage.Variable(root.Name, member);
    }

    private bool IsFree(Identifier name) => name.Absolute || !locals.Contains(name.Name);

    private ConstantNode Fail(int position, string message, string code = "expression.syntax")
    {
        Fault ??= new SyntaxFault(code, position, message);
        return new ConstantNode(position, CelValue.Null);
    }
}
