using System.Globalization;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Fluxgate.Core.Workflows.Reading;

/// <summary>
/// YAML 1.2 (core schema) to <see cref="DocumentNode"/>. Anchors, aliases and tags are refused: a few bytes of them can
/// stand for gigabytes, and a workflow needs none.
/// </summary>
internal static class YamlDocumentReader
{
    public static DocumentNode? Read(string text, DocumentFaults faults)
    {
        var parser = new Parser(new StringReader(text));
        try
        {
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
            {
                faults.Add("", "document.empty", "The document is empty.", 1, 1);
                return null;
            }
            parser.Consume<DocumentStart>();
            var root = ReadValue(parser, "", 1, faults);
            parser.Consume<DocumentEnd>();
            if (!parser.Accept<StreamEnd>(out _))
                faults.Add("", "yaml.several_documents", "A file holds one document.", Line(parser.Current!.Start), (int)parser.Current.Start.Column);
            return root;
        }
        catch (YamlException e)
        {
            faults.Add("", "yaml.malformed", "This is not well-formed YAML.", Line(e.Start), (int)e.Start.Column);
            return null;
        }
    }

    private static DocumentNode ReadValue(Parser parser, string pointer, int depth, DocumentFaults faults)
    {
        var at = parser.Current!.Start;
        if (depth > WorkflowLimits.Depth)
            throw new YamlException(at, at, "too deep");
        if (parser.Current is AnchorAlias)
        {
            faults.Add(pointer, "yaml.alias", "Anchors and aliases are not taken; write the value out.", Line(at), (int)at.Column);
            parser.MoveNext();
            return new DocumentScalar(CelValue.Null, Line(at), (int)at.Column);
        }
        if (parser.Current is NodeEvent node && (!node.Anchor.IsEmpty || !node.Tag.IsEmpty))
            faults.Add(pointer, "yaml.tag", "Anchors and tags are not taken.", Line(at), (int)at.Column);

        if (parser.TryConsume<MappingStart>(out _))
            return ReadMap(parser, pointer, depth, at, faults);
        if (parser.TryConsume<SequenceStart>(out _))
        {
            var items = new List<DocumentNode>();
            while (!parser.TryConsume<SequenceEnd>(out _))
                items.Add(ReadValue(parser, $"{pointer}/{items.Count}", depth + 1, faults));
            return new DocumentList(items, Line(at), (int)at.Column);
        }
        var scalar = parser.Consume<Scalar>();
        RefuseUnstorable(scalar, pointer, faults);
        return new DocumentScalar(Resolve(scalar), Line(at), (int)at.Column);
    }

    private static DocumentMap ReadMap(Parser parser, string pointer, int depth, Mark at, DocumentFaults faults)
    {
        var members = new List<(string, DocumentNode)>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.Consume<Scalar>();
            RefuseUnstorable(key, pointer, faults);
            var child = $"{pointer}/{DocumentFaults.Escape(key.Value)}";
            var value = ReadValue(parser, child, depth + 1, faults);
            if (names.Add(key.Value))
                members.Add((key.Value, value));
            else
                faults.Add(child, "duplicate", "The member stands twice.", Line(key.Start), (int)key.Start.Column);
        }
        return new DocumentMap(members, Line(at), (int)at.Column);
    }

    /// <summary>JSON readers refuse these themselves; YAML's escapes can write them.</summary>
    private static void RefuseUnstorable(Scalar scalar, string pointer, DocumentFaults faults)
    {
        if (!StorableText.Is(scalar.Value))
            faults.Add(pointer, "characters", "NUL characters and lone surrogates are not taken.", Line(scalar.Start), (int)scalar.Start.Column);
    }

    /// <summary>Plain scalars by the core schema (YAML 1.2.2, section 10.3.2); quoted and block scalars are text.</summary>
    private static CelValue Resolve(Scalar scalar)
    {
        var text = scalar.Value;
        if (scalar.Style != ScalarStyle.Plain)
            return CelValue.From(text);
        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => CelValue.Null,
            "true" or "True" or "TRUE" => CelValue.From(true),
            "false" or "False" or "FALSE" => CelValue.From(false),
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) => CelValue.From(integer),
            _ when IsFloat(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => CelValue.From(number),
            _ => CelValue.From(text),
        };
    }

    private static bool IsFloat(string text) => text.Any(char.IsAsciiDigit) && text.All(c => char.IsAsciiDigit(c) || c is '.' or '-' or '+' or 'e' or 'E');

    private static int Line(Mark mark) => (int)mark.Line;
}
