using System.Runtime.CompilerServices;
using Fluxgate.Core.Expressions.Functions;

namespace Fluxgate.Core.Expressions.Evaluation;

internal sealed class CallNode(int position, Function function, Node[] arguments) : Node(position)
{
    private const int OnStack = 4;

    public override CelValue Evaluate(ref Frame frame)
    {
        Buffer buffer = default;
        var values = arguments.Length <= OnStack ? buffer[..arguments.Length] : new CelValue[arguments.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = arguments[i].Evaluate(ref frame);
            if (values[i].IsFault)
                return values[i];
        }
        return Placed(function(values, ref frame));
    }

    [InlineArray(OnStack)]
    private struct Buffer
    {
        private CelValue first;
    }
}

/// <summary>A call that no function answers. It fails when it is reached, since <c>||</c> may absorb it.</summary>
internal sealed class UnknownCallNode(int position, string description) : Node(position)
{
    public override CelValue Evaluate(ref Frame frame) => NoOverload($"There is no {description}.");
}

/// <summary>A call whose answer the scope supplies by a literal name: kv("name").</summary>
internal sealed class ScopeCallNode(int position, string function, string literal) : Node(position)
{
    public override CelValue Evaluate(ref Frame frame) => frame.Scope.TryCall(function, literal, out var value)
        ? value
        : Fail("expression.no_such_key", $"There is no {function}({Faults.Excerpt(CelValue.From(literal))}).");
}
