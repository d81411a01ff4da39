using System.Buffers;
using System.Text;

namespace Fluxgate.Core.Expressions;

/// <summary>CEL counts text in Unicode code points; .NET in UTF-16 units. Text without surrogates takes the short way.</summary>
internal static class CodePoints
{
    private static readonly SearchValues<char> Surrogates = SearchValues.Create([.. Enumerable.Range(0xD800, 0x800).Select(unit => (char)unit)]);

    public static int Count(string text)
    {
        var at = text.AsSpan().IndexOfAny(Surrogates);
        return at < 0 ? text.Length : at + CountRunes(text.AsSpan(at));
    }

    /// <summary>The UTF-16 offset of a code point; −1 if the text has fewer (its end is allowed).</summary>
    public static int ToUnits(string text, long index)
    {
        if (index < 0 || index > text.Length)
            return -1;
        var first = text.AsSpan().IndexOfAny(Surrogates);
        if (first < 0 || index <= first)
            return (int)index;
        var (at, left) = (first, index - first);
        while (left > 0 && at < text.Length)
        {
            at += char.IsHighSurrogate(text[at]) ? 2 : 1;
            left--;
        }
        return left == 0 ? at : -1;
    }

    /// <summary>How many code points lie before a UTF-16 offset.</summary>
    public static int FromUnits(string text, int units) => text.AsSpan().IndexOfAny(Surrogates) < 0 ? units : CountRunes(text.AsSpan(0, units));

    /// <summary>Order by code points, which is also the order of the UTF-8 bytes; UTF-16 order differs above U+FFFF.</summary>
    public static int Compare(string left, string right)
    {
        var same = left.AsSpan().CommonPrefixLength(right);
        if (same == left.Length || same == right.Length)
            return left.Length.CompareTo(right.Length);
        var (a, b) = (left[same], right[same]);
        return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : char.IsSurrogate(a) ? 1 : -1;
    }

    /// <summary>Whether the text is well-formed, without half a surrogate pair.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        var at = text.IndexOfAny(Surrogates);
        if (at < 0)
            return true;
        for (text = text[at..]; !text.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var units) != OperationStatus.Done)
                return false;
            text = text[units..];
        }
        return true;
    }

    private static int CountRunes(ReadOnlySpan<char> text)
    {
        var count = text.Length;
        foreach (var unit in text)
        {
            if (char.IsLowSurrogate(unit))
                count--;
        }
        return count;
    }
}
