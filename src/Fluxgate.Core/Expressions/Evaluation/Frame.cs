namespace Fluxgate.Core.Expressions.Evaluation;

/// <summary>One evaluation: the names it sees, the variables of its loops, and its budget.</summary>
internal struct Frame(CelScope scope, int slots, Budget budget)
{
    public readonly CelScope Scope = scope;
    public readonly CelValue[] Locals = slots == 0 ? [] : new CelValue[slots];
    public Budget Budget = budget;

    public readonly CelValue Exhausted => CelValue.Failed(Budget.Spent!);

    public bool Charge(long cost) => Budget.Charge(cost);

    /// <summary>Gives back a value that an expression built, unless nothing could print or store it.</summary>
    public static CelValue Built(in CelValue value) => value.Depth <= CelValue.MaxDepth && value.Weight <= CelValue.MaxWeight
        ? value
        : CelValue.Failed(new CelFault("expression.too_large", $"The value is more than {CelValue.MaxDepth} levels deep or too large.", fatal: true));
}
