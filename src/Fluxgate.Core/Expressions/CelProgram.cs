using Fluxgate.Core.Expressions.Evaluation;
using Fluxgate.Core.Expressions.Syntax;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Core.Expressions;

/// <summary>A compiled expression of the Common Expression Language. Immutable; any number of threads may evaluate it.</summary>
public sealed class CelProgram
{
    private readonly Node root;
    private readonly int slots;
    private readonly Usage usage;

    private CelProgram(string source, CelLimits limits, Node root, int slots, Usage usage) =>
        (Source, Limits, this.root, this.slots, this.usage) = (source, limits, root, slots, usage);

    public string Source { get; }

    /// <summary>The free names of the expression, which its scope has to know.</summary>
    public IReadOnlyCollection<string> Variables => usage.Variables;

    /// <summary>Functions called that do not exist. Such a call fails only when it is reached; a check before that is better.</summary>
    public IReadOnlyCollection<string> UnknownFunctions => usage.UnknownFunctions;

    internal CelLimits Limits { get; }

    /// <summary>
    /// Compiles <paramref name="source"/>. Errors: <c>expression.too_long</c>, <c>expression.too_deep</c>,
    /// <c>expression.syntax</c>, <c>expression.literal_required</c>; the message starts with line:column.
    /// </summary>
    public static Result<CelProgram> Compile(string source, CelLimits? limits = null) => Compile(source, limits ?? CelLimits.Default, container: null);

    /// <summary>Evaluates in <paramref name="scope"/>; an error has a code <c>expression.…</c> and its place in the source.</summary>
    public Result<CelValue> Evaluate(CelScope scope)
    {
        var budget = new Budget(Limits);
        return Evaluate(scope, ref budget);
    }

    /// <summary>For the variable <paramref name="root"/>, the members used of it by a literal name: of <c>steps.a.x</c>, <c>a</c>.</summary>
    public IReadOnlyCollection<string> References(string root) => usage.Members(root);

    /// <summary>Whether <paramref name="root"/> is used other than by literal members: <c>steps[name]</c>, <c>size(steps)</c>.</summary>
    public bool ReferencesWhole(string root) => usage.UsesWhole(root);

    /// <summary>The literals that <paramref name="function"/> is called with: of <c>kv("a")</c>, <c>a</c>.</summary>
    public IReadOnlyCollection<string> LiteralCalls(string function) => usage.Literals(function);

    /// <summary>Compiles as if within the namespace <paramref name="container"/> (<c>a.b</c>): a name x is sought as a.b.x, a.x, then x.</summary>
    public static Result<CelProgram> Compile(string source, CelLimits limits, string? container)
    {
        if (source.Length > limits.MaxSourceLength)
            return Error.Invalid("expression.too_long", $"The expression is longer than {limits.MaxSourceLength} characters.");
        if (Parser.Parse(source, limits.MaxDepth, out var fault) is not { } tree)
            return ToError(source, fault!);
        var compiler = new Compiler(container);
        var root = compiler.Compile(tree);
        return compiler.Fault is { } misuse
            ? ToError(source, misuse)
            : new CelProgram(source, limits, root, compiler.Slots, compiler.Usage);
    }

    internal Result<CelValue> Evaluate(CelScope scope, ref Budget budget)
    {
        var frame = new Frame(scope, slots, budget);
        var value = root.Evaluate(ref frame);
        budget = frame.Budget;
        if (budget.Spent is { } spent)
            return spent.ToError(Source);
        return value.IsFault ? value.Fault.ToError(Source) : value;
    }

    private static Error ToError(string source, SyntaxFault fault) =>
        Error.Invalid(fault.Code, $"{SourceText.Place(source, fault.Position)}: {fault.Message}.");
}
