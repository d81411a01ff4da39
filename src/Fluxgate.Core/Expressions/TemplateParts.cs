using System.Text;
using Fluxgate.Core.Expressions.Evaluation;
using Fluxgate.Core.Expressions.Functions;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Core.Expressions;

internal abstract class TemplatePart
{
    public abstract CelValue Evaluate(CelScope scope, ref Budget budget, out Error? error);

    protected static CelValue Built(CelValue value, string pointer, out Error? error)
    {
        error = Frame.Built(value) is { IsFault: true } fault ? Placed(fault.Fault.ToError(""), pointer) : null;
        return value;
    }

    protected static Error Placed(Error error, string pointer) =>
        error with { Fields = [new FieldError(pointer, error.Code, error.Message)] };
}

/// <summary>A part of the document without any expression.</summary>
internal sealed class LiteralPart(CelValue value) : TemplatePart
{
    public override CelValue Evaluate(CelScope scope, ref Budget budget, out Error? error)
    {
        error = null;
        return value;
    }
}

/// <summary>A string that is exactly one expression.</summary>
internal sealed class ValuePart(CelProgram program, string pointer) : TemplatePart
{
    public override CelValue Evaluate(CelScope scope, ref Budget budget, out Error? error)
    {
        var result = program.Evaluate(scope, ref budget);
        error = result.Error is null ? null : Placed(result.Error, pointer);
        if (!result.Succeeded)
            return default;
        var value = result.Value;
        while (value.Kind == CelKind.Optional)
            _ = value.TryGetOptional(out value);
        return value;
    }
}

/// <summary>A string of text and expressions, in their order; scalars as string() writes them, null, lists and maps as JSON.</summary>
internal sealed class TextPart(IReadOnlyList<(string Text, CelProgram? Program)> pieces, string pointer) : TemplatePart
{
    public override CelValue Evaluate(CelScope scope, ref Budget budget, out Error? error)
    {
        var text = new StringBuilder();
        foreach (var piece in pieces)
        {
            text.Append(piece.Text);
            if (piece.Program is not { } program)
                continue;
            var result = program.Evaluate(scope, ref budget);
            if (result.Succeeded && !budget.Charge(result.Value.Weight))
                result = budget.Spent!.ToError(program.Source);
            if (!result.Succeeded)
            {
                error = Placed(result.Error, pointer);
                return default;
            }
            text.Append(Conversions.Text(result.Value));
        }
        error = null;
        return CelValue.From(text.ToString());
    }
}

internal sealed class ListPart(TemplatePart[] items, string pointer) : TemplatePart
{
    public override CelValue Evaluate(CelScope scope, ref Budget budget, out Error? error)
    {
        var values = new CelValue[items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            values[i] = items[i].Evaluate(scope, ref budget, out error);
            if (error is not null)
                return default;
        }
        return Built(CelValue.OwnedList(values), pointer, out error);
    }
}

internal sealed class MapPart(KeyValuePair<CelValue, TemplatePart>[] members, string pointer) : TemplatePart
{
    public override CelValue Evaluate(CelScope scope, ref Budget budget, out Error? error)
    {
        var values = new KeyValuePair<CelValue, CelValue>[members.Length];
        for (var i = 0; i < members.Length; i++)
        {
            values[i] = new(members[i].Key, members[i].Value.Evaluate(scope, ref budget, out error));
            if (error is not null)
                return default;
        }
        return Built(CelValue.FromMap(CelMap.TryCreate(values, out _)!), pointer, out error);
    }
}
