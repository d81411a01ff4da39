using Fluxgate.Core.Expressions.Evaluation;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Core.Expressions;

/// <summary>
/// A JSON document whose strings may hold expressions in <c>{{ }}</c>. A string that is exactly one expression becomes
/// its value, of whatever type; a string with text around becomes text. Names of members are never expressions.
/// All expressions of one template share one budget.
/// </summary>
public sealed class Template
{
    private readonly TemplatePart root;
    private readonly CelLimits limits;

    private Template(TemplatePart root, CelLimits limits, IReadOnlyList<CelProgram> programs) =>
        (this.root, this.limits, Programs) = (root, limits, programs);

    /// <summary>Whether there is no expression in it at all.</summary>
    public bool IsLiteral => root is LiteralPart;

    public IEnumerable<CelProgram> Programs { get; }

    /// <summary>
    /// Compiles every expression of <paramref name="document"/>. Error <c>expression.invalid</c>, with one field error for
    /// each string at fault: its JSON pointer, and a code as of <see cref="CelProgram.Compile(string, CelLimits?)"/>.
    /// </summary>
    public static Result<Template> Compile(CelValue document, CelLimits? limits = null)
    {
        var compiler = new TemplateCompiler(limits ?? CelLimits.Default);
        var root = compiler.Compile(document, "");
        return compiler.Errors.Count == 0
            ? new Template(root, limits ?? CelLimits.Default, compiler.Programs)
            : Error.Invalid("expression.invalid", compiler.Errors.Count == 1 ? compiler.Errors[0].Message : $"{compiler.Errors.Count} expressions are not valid.", compiler.Errors);
    }

    /// <summary>
    /// Evaluates once in each scope, all on one budget; the first failure ends it. Each round costs the length of the
    /// expressions, so that a long list cannot make straight-line code endless.
    /// </summary>
    public Result<CelValue[]> EvaluateEach(IEnumerable<CelScope> scopes)
    {
        var budget = new Budget(limits);
        var size = 1 + Programs.Sum(p => p.Source.Length);
        var values = new List<CelValue>();
        foreach (var scope in scopes)
        {
            if (!budget.Charge(size))
                return budget.Spent!.ToError("");
            var value = root.Evaluate(scope, ref budget, out var error);
            if (error is not null)
                return error;
            values.Add(value);
        }
        return values.ToArray();
    }

    /// <summary>
    /// Evaluates every expression. The first that fails ends it: the error has the expression's code and one field error
    /// with the JSON pointer of its string. An optional without a value becomes null.
    /// </summary>
    public Result<CelValue> Evaluate(CelScope scope)
    {
        var budget = new Budget(limits);
        var value = root.Evaluate(scope, ref budget, out var error);
        return error is null ? value : error;
    }
}
