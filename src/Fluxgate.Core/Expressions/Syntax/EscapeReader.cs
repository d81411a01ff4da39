using System.Globalization;
using System.Text;

namespace Fluxgate.Core.Expressions.Syntax;

/// <summary>Resolves the escapes between the quotes of a literal, from <paramref name="start"/> up to <paramref name="end"/>.</summary>
internal sealed class EscapeReader(string source, int start, int end)
{
    private int position = start;

    public SyntaxFault? Fault { get; private set; }

    public CelValue ReadText()
    {
        var text = new StringBuilder();
        while (position < end && Fault is null)
        {
            if (source[position] != '\\')
                text.Append(source[position++]);
            else if (Escape(bytes: false) is { } scalar)
                text.Append(new Rune(scalar).ToString());
        }
        return CelValue.From(text.ToString());
    }

    public CelValue ReadBytes()
    {
        using var bytes = new MemoryStream();
        Span<byte> utf8 = stackalloc byte[4];
        while (position < end && Fault is null)
        {
            if (source[position] == '\\')
            {
                if (Escape(bytes: true) is { } value)
                    bytes.WriteByte((byte)value);
                continue;
            }
            var rune = Rune.GetRuneAt(source, position);
            position += rune.Utf16SequenceLength;
            bytes.Write(utf8[..rune.EncodeToUtf8(utf8)]);
        }
        return CelValue.OwnedBytes(bytes.ToArray());
    }

    private int? Escape(bool bytes)
    {
        var escape = position + 1 < end ? source[position + 1] : '\0';
        return escape switch
        {
            'a' => Simple('\a'),
            'b' => Simple('\b'),
            'f' => Simple('\f'),
            'n' => Simple('\n'),
            'r' => Simple('\r'),
            't' => Simple('\t'),
            'v' => Simple('\v'),
            '\\' or '?' or '"' or '\'' or '`' => Simple(escape),
            'x' or 'X' => Digits(2, 2, 16),
            'u' when !bytes => Digits(2, 4, 16),
            'U' when !bytes => Digits(2, 8, 16),
            >= '0' and <= '3' => Digits(1, 3, 8),
            _ => Fail("there is no such escape"),
        };
    }

    private int Simple(char character)
    {
        position += 2;
        return character;
    }

    private int? Digits(int skip, int count, int radix)
    {
        var from = position + skip;
        if (from + count > end)
            return Fail("the escape is cut short");
        long value = 0;
        for (var i = from; i < from + count; i++)
        {
            var digit = char.IsAsciiHexDigit(source[i]) ? int.Parse(source.AsSpan(i, 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : radix;
            if (digit >= radix)
                return Fail("the escape has a wrong digit");
            value = value * radix + digit;
        }
        if (value > int.MaxValue || !Rune.IsValid((int)value))
            return Fail("the escape is no Unicode character");
        position = from + count;
        return (int)value;
    }

    private int? Fail(string message)
    {
        Fault ??= SyntaxFault.At(position, message);
        return null;
    }
}
