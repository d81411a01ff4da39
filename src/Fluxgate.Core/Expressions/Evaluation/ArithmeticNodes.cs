namespace Fluxgate.Core.Expressions.Evaluation;

internal delegate CelValue BinaryOperation(in CelValue left, in CelValue right, ref Frame frame);

internal sealed class BinaryNode(int position, BinaryOperation operation, Node left, Node right) : Node(position)
{
    public override CelValue Evaluate(ref Frame frame)
    {
        var a = left.Evaluate(ref frame);
        if (a.IsFault)
            return a;
        var b = right.Evaluate(ref frame);
        return b.IsFault ? b : Placed(operation(a, b, ref frame));
    }
}

internal sealed class NegateNode(int position, Node operand) : Node(position)
{
    public override CelValue Evaluate(ref Frame frame)
    {
        var value = operand.Evaluate(ref frame);
        return value.IsFault ? value : Placed(Arithmetic.Negate(value));
    }
}
