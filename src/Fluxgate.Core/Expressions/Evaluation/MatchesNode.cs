using System.Text.RegularExpressions;

namespace Fluxgate.Core.Expressions.Evaluation;

/// <summary>text.matches(pattern): whether the pattern is found anywhere in the text. The last pattern is kept compiled.</summary>
internal sealed class MatchesNode(int position, Node text, Node pattern) : Node(position)
{
    private const int CostOfCompiling = 5_000;

    private volatile Compiled? last;

    public override CelValue Evaluate(ref Frame frame)
    {
        var subject = text.Evaluate(ref frame);
        if (subject.IsFault)
            return subject;
        var sought = pattern.Evaluate(ref frame);
        if (sought.IsFault)
            return sought;
        if (subject.Kind != CelKind.String || sought.Kind != CelKind.String)
            return NoOverload($"There is no {CelTypes.NameOf(subject)}.matches({CelTypes.NameOf(sought)}).");

        var compiled = last;
        if (compiled?.Pattern != sought.RawString)
        {
            if (!frame.Charge(pattern is ConstantNode ? 1 : CostOfCompiling))
                return frame.Exhausted;
            last = compiled = new Compiled(sought.RawString, RegexPattern.Create(sought.RawString, out var reason, out var states), reason, states);
        }
        if (compiled.Regex is null)
            return Fail("expression.invalid_argument", compiled.Reason!);
        // Paid before it runs: once it does, nothing stops it.
        if (!frame.Charge(subject.Weight * Math.Max(2, compiled.States)))
            return frame.Exhausted;
        return CelValue.From(compiled.Regex.IsMatch(subject.RawString));
    }

    private sealed record Compiled(string Pattern, Regex? Regex, string? Reason, int States);
}
