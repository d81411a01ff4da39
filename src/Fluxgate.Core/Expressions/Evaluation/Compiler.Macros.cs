using Fluxgate.Core.Expressions.Syntax;

namespace Fluxgate.Core.Expressions.Evaluation;

/// <summary>Macros that bind variables: loops of one and of two variables, and those of optionals.</summary>
internal sealed partial class Compiler
{
    private delegate Node LoopFactory(LoopHeader header, Node? filter, Node body);

    /// <summary>The node of a macro call; null if the name and the number of arguments are no macro's.</summary>
    private Node? CompileMacro(Call call)
    {
        var at = call.Position;
        return (call.Name, call.Arguments.Count) switch
        {
            ("all", 2 or 3) => Loop(call, call.Arguments.Count - 1, filtered: false, (header, _, body) => new QuantifierNode(at, all: true, header, body)),
            ("exists", 2 or 3) => Loop(call, call.Arguments.Count - 1, filtered: false, (header, _, body) => new QuantifierNode(at, all: false, header, body)),
            ("exists_one" or "existsOne", 2 or 3) => Loop(call, call.Arguments.Count - 1, filtered: false, (header, _, body) => new ExistsOneNode(at, header, body)),
            ("map", 2 or 3) => Loop(call, 1, call.Arguments.Count == 3, (header, filter, body) => new TransformListNode(at, "map", header, filter, body)),
            ("filter", 2) => Loop(call, 1, filtered: false, (header, _, body) => new TransformListNode(at, "filter", header, body, new LocalNode(at, header.First))),
            ("transformList", 3 or 4) => Loop(call, 2, call.Arguments.Count == 4, (header, filter, body) => new TransformListNode(at, "transformList", header, filter, body)),
            ("transformMap", 3 or 4) => Loop(call, 2, call.Arguments.Count == 4, (header, filter, body) => new TransformMapNode(at, entries: false, header, filter, body)),
            ("transformMapEntry", 3 or 4) => Loop(call, 2, call.Arguments.Count == 4, (header, filter, body) => new TransformMapNode(at, entries: true, header, filter, body)),
            ("sortBy", 2) => Loop(call, 1, filtered: false, (header, _, body) => new SortByNode(at, header, body)),
            ("optMap", 2) => OptionalMap(call, flat: false),
            ("optFlatMap", 2) => OptionalMap(call, flat: true),
            _ => null,
        };
    }

    private Node Loop(Call call, int variables, bool filtered, LoopFactory create)
    {
        var names = call.Arguments.Take(variables).OfType<Identifier>().Where(name => !name.Absolute).Select(name => name.Name).ToArray();
        if (names.Length != variables || names.Distinct().Count() != variables)
            return Fail(call.Position, variables == 1 ? $"{call.Name}() takes a name first" : $"{call.Name}() takes two different names first");
        var range = Compile(call.Target!);
        var first = Declare(names[0]);
        var second = variables == 2 ? Declare(names[1]) : -1;
        var before = size;
        var filter = filtered ? Compile(call.Arguments[variables]) : null;
        var body = Compile(call.Arguments[^1]);
        Leave(variables);
        return create(new LoopHeader(range, first, second, size - before + 1), filter, body);
    }

    private Node OptionalMap(Call call, bool flat)
    {
        if (call.Arguments[0] is not Identifier { Absolute: false } name)
            return Fail(call.Position, $"{call.Name}() takes a name first");
        var operand = Compile(call.Target!);
        var slot = Declare(name.Name);
        var body = Compile(call.Arguments[1]);
        Leave(1);
        return new OptionalMapNode(call.Position, slot, operand, body, flat);
    }
}
