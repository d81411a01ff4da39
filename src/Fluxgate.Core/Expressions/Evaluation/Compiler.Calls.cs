using Fluxgate.Core.Expressions.Functions;
using Fluxgate.Core.Expressions.Syntax;

namespace Fluxgate.Core.Expressions.Evaluation;

/// <summary>Calls: macros first, then functions of the scope, then the table.</summary>
internal sealed partial class Compiler
{
    private Node CompileCall(Call call)
    {
        if (call.Target is null)
        {
            return call.Name switch
            {
                "has" when call.Arguments.Count == 1 => CompileHas(call),
                "matches" when call.Arguments.Count == 2 => new MatchesNode(call.Position, Compile(call.Arguments[0]), Compile(call.Arguments[1])),
                _ when FunctionTable.OfScope.Contains(call.Name) => CompileScopeCall(call),
                _ => CompileFunction(call, call.Name, call.Arguments),
            };
        }
        if (call.Target is Identifier space && IsFree(space))
        {
            var name = $"{space.Name}.{call.Name}";
            if (name == "cel.bind" && call.Arguments.Count == 3)
                return CompileBind(call);
            if (FunctionTable.Contains(name))
                return CompileFunction(call, name, call.Arguments);
        }
        return CompileMacro(call) ?? CompileMethod(call);
    }

    private Node CompileMethod(Call call)
    {
        var target = call.Target!;
        return (call.Name, call.Arguments.Count) switch
        {
            ("matches", 1) => new MatchesNode(call.Position, Compile(target), Compile(call.Arguments[0])),
            ("or", 1) => new OptionalOrNode(call.Position, Compile(target), Compile(call.Arguments[0]), unwrap: false),
            ("orValue", 1) => new OptionalOrNode(call.Position, Compile(target), Compile(call.Arguments[0]), unwrap: true),
            _ => CompileFunction(call, "." + call.Name, call.Arguments.Prepend(target)),
        };
    }

    private Node CompileFunction(Call call, string name, IEnumerable<Expression> arguments)
    {
        var compiled = CompileAll(arguments);
        if (FunctionTable.Find(name, compiled.Length) is { } function)
            return new CallNode(call.Position, function, compiled);
        if (!FunctionTable.Contains(name))
            Usage.UnknownFunction(name.TrimStart('.'));
        return new UnknownCallNode(call.Position, FunctionTable.Contains(name) ? $"{name.TrimStart('.')}() with these arguments" : $"function {name.TrimStart('.')}()");
    }

    private Node CompileScopeCall(Call call)
    {
        if (call.Arguments is not [Literal { Value.Kind: CelKind.String } literal])
            return Fail(call.Position, $"{call.Name}() takes one literal string, since its value is fetched before the expression runs", "expression.literal_required");
        Usage.LiteralCall(call.Name, literal.Value.RawString);
        return new ScopeCallNode(call.Position, call.Name, literal.Value.RawString);
    }

    private Node CompileHas(Call call)
    {
        if (call.Arguments[0] is not Select select)
            return Fail(call.Position, "has() takes a field, has(value.field)");
        NoteMember(select.Operand, select.Field);
        return new HasNode(call.Position, CompileOperand(select.Operand), select.Field);
    }

    private Node CompileBind(Call call)
    {
        if (call.Arguments[0] is not Identifier { Absolute: false } name)
            return Fail(call.Position, "cel.bind() takes a name first");
        var bound = Compile(call.Arguments[1]);
        var slot = Declare(name.Name);
        var body = Compile(call.Arguments[2]);
        Leave(1);
        return new BindNode(call.Position, slot, bound, body);
    }

    private int Declare(string name)
    {
        locals.Add(name);
        Slots = Math.Max(Slots, locals.Count);
        return locals.Count - 1;
    }

    private void Leave(int count) => locals.RemoveRange(locals.Count - count, count);
}
