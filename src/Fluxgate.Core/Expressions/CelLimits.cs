namespace Fluxgate.Core.Expressions;

/// <summary>What one expression, or one template as a whole, may use.</summary>
/// <param name="MaxCost">Units of work: about one for each element visited, each eight characters copied, each operation in a loop's body.</param>
/// <param name="MaxDepth">Levels of brackets, calls and conditionals in the source.</param>
/// <param name="MaxTime">Wall time, checked every few thousand units of work.</param>
/// <param name="MaxSourceLength">Characters (UTF-16 units) of one expression.</param>
public sealed record CelLimits(int MaxCost, int MaxDepth, TimeSpan MaxTime, int MaxSourceLength)
{
    public static CelLimits Default { get; } = new(1_000_000, 64, TimeSpan.FromMilliseconds(250), 10_000);
}
