using System.Globalization;
using Fluxgate.Core.Expressions.Functions;
using Fluxgate.Core.Expressions.Syntax;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Core.Expressions;

/// <summary>Finds the expressions of a document and compiles them, collecting every error on the way.</summary>
internal sealed class TemplateCompiler(CelLimits limits)
{
    private const string Open = "{{";

    public List<FieldError> Errors { get; } = [];

    public List<CelProgram> Programs { get; } = [];

    public TemplatePart Compile(CelValue value, string pointer)
    {
        switch (value.Kind)
        {
            case CelKind.String:
                return CompileText(value, pointer);
            case CelKind.List:
                TemplatePart[] items = [.. value.AsList.Select((item, at) => Compile(item, $"{pointer}/{at.ToString(CultureInfo.InvariantCulture)}"))];
                return Array.TrueForAll(items, item => item is LiteralPart) ? new LiteralPart(value) : new ListPart(items, pointer);
            case CelKind.Map:
                KeyValuePair<CelValue, TemplatePart>[] members =
                    [.. value.AsMap.Select(member => KeyValuePair.Create(member.Key, Compile(member.Value, $"{pointer}/{Escape(Conversions.Text(member.Key))}")))];
                return Array.TrueForAll(members, member => member.Value is LiteralPart) ? new LiteralPart(value) : new MapPart(members, pointer);
            default:
                return new LiteralPart(value);
        }
    }

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private TemplatePart CompileText(CelValue value, string pointer)
    {
        var text = value.RawString;
        List<(string Text, CelProgram? Program)> pieces = [];
        var from = 0;
        for (var open = text.IndexOf(Open, StringComparison.Ordinal); open >= 0; open = text.IndexOf(Open, from, StringComparison.Ordinal))
        {
            var start = open + Open.Length;
            var close = Close(text, start);
            if (close < 0)
            {
                Errors.Add(new FieldError(pointer, "expression.syntax", $"{SourceText.Place(text, open)}: the {{{{ is not closed."));
                return new LiteralPart(value);
            }
            pieces.Add((text[from..open], CompileProgram(text[start..close], pointer)));
            from = close + 2;
        }
        if (pieces.Count == 0)
            return new LiteralPart(value);
        if (pieces.Count == 1 && pieces[0].Text.Length == 0 && from == text.Length)
            return pieces[0].Program is { } whole ? new ValuePart(whole, pointer) : new LiteralPart(value);
        pieces.Add((text[from..], null));
        return new TextPart(pieces, pointer);
    }

    private CelProgram? CompileProgram(string source, string pointer)
    {
        var compiled = CelProgram.Compile(source, limits);
        if (!compiled.Succeeded)
        {
            Errors.Add(new FieldError(pointer, compiled.Error.Code, compiled.Error.Message));
            return null;
        }
        Programs.Add(compiled.Value);
        return compiled.Value;
    }

    /// <summary>
    /// Where the expression that starts at <paramref name="start"/> ends: at the first }} that closes no brace of its own
    /// and is not within a string of it. −1 if there is none.
    /// </summary>
    private static int Close(string text, int start)
    {
        var lexer = new Lexer(text, start);
        var braces = 0;
        for (var token = lexer.Next(); token.Kind != TokenKind.End; token = lexer.Next())
        {
            if (token.Is("{"))
                braces++;
            else if (token.Is("}") && braces > 0)
                braces--;
            else if (token.Is("}") && token.End < text.Length && text[token.End] == '}')
                return token.Start;
        }

        // A source that the lexer cannot read still has its end, so that its own error is the one reported.
        return lexer.Fault is null ? -1 : text.IndexOf("}}", start, StringComparison.Ordinal);
    }
}
