using System.Text;
using Fluxgate.Core.Expressions.Evaluation;

namespace Fluxgate.Core.Expressions.Functions;

/// <summary>The strings extension. Every index and count is in code points.</summary>
internal static class StringFunctions
{
    public static IEnumerable<NamedFunction> All =>
    [
        new(".charAt", 2, 2, CharAt),
        new(".indexOf", 2, 3, IndexOf),
        new(".lastIndexOf", 2, 3, LastIndexOf),
        new(".join", 1, 2, Join),
        new(".lowerAscii", 1, 1, (scoped ReadOnlySpan<CelValue> a, ref Frame f) => Map("lowerAscii", a, ref f, text => Ascii(text, char.IsAsciiLetterUpper))),
        new(".upperAscii", 1, 1, (scoped ReadOnlySpan<CelValue> a, ref Frame f) => Map("upperAscii", a, ref f, text => Ascii(text, char.IsAsciiLetterLower))),
        new(".trim", 1, 1, (scoped ReadOnlySpan<CelValue> a, ref Frame f) => Map("trim", a, ref f, text => text.Trim())),
        new(".replace", 3, 4, Replace),
        new(".split", 2, 3, Split),
        new(".substring", 2, 3, Substring),
        new(".format", 2, 2, StringFormat.Format),
        new("strings.quote", 1, 1, (scoped ReadOnlySpan<CelValue> a, ref Frame f) => Map("quote", a, ref f, Quote)),
    ];

    /// <summary>Pays for looking for one text in another: the worst case is the product of the lengths, an eighth of it the common one.</summary>
    public static bool ChargeSearch(in CelValue text, in CelValue sought, ref Frame frame) => frame.Charge(text.Weight * (1 + Math.Min(sought.Weight, text.Weight) / 8));

    public static CelValue Reverse(string text)
    {
        var reversed = new StringBuilder(text.Length);
        for (var end = text.Length; end > 0;)
        {
            var units = char.IsLowSurrogate(text[end - 1]) ? 2 : 1;
            end -= units;
            reversed.Append(text, end, units);
        }
        return CelValue.From(reversed.ToString());
    }

    private static CelValue CharAt(scoped ReadOnlySpan<CelValue> a, ref Frame frame)
    {
        if (a[0].Kind != CelKind.String || a[1].Kind != CelKind.Int)
            return Faults.WrongArguments("string.charAt", a);
        if (!frame.Charge(a[0].Weight))
            return frame.Exhausted;
        var text = a[0].RawString;
        var at = CodePoints.ToUnits(text, a[1].RawInt);
        if (at < 0)
            return Faults.Index(a[1].RawInt, CodePoints.Count(text));
        return CelValue.From(at == text.Length ? "" : text.Substring(at, char.IsHighSurrogate(text[at]) ? 2 : 1));
    }

    private static CelValue IndexOf(scoped ReadOnlySpan<CelValue> a, ref Frame frame)
    {
        if (a[0].Kind != CelKind.String || a[1].Kind != CelKind.String || (a.Length == 3 && a[2].Kind != CelKind.Int))
            return Faults.WrongArguments("string.indexOf", a);
        if (!ChargeSearch(a[0], a[1], ref frame))
            return frame.Exhausted;
        var text = a[0].RawString;
        var from = a.Length == 3 ? CodePoints.ToUnits(text, a[2].RawInt) : 0;
        if (from < 0)
            return Faults.Index(a[2].RawInt, CodePoints.Count(text));
        var at = text.IndexOf(a[1].RawString, from, StringComparison.Ordinal);
        return CelValue.From(at < 0 ? -1L : CodePoints.FromUnits(text, at));
    }

    private static CelValue LastIndexOf(scoped ReadOnlySpan<CelValue> a, ref Frame frame)
    {
        if (a[0].Kind != CelKind.String || a[1].Kind != CelKind.String || (a.Length == 3 && a[2].Kind != CelKind.Int))
            return Faults.WrongArguments("string.lastIndexOf", a);
        if (!ChargeSearch(a[0], a[1], ref frame))
            return frame.Exhausted;
        var (text, sought) = (a[0].RawString, a[1].RawString);
        var from = a.Length == 3 ? CodePoints.ToUnits(text, a[2].RawInt) : text.Length;
        if (from < 0)
            return Faults.Index(a[2].RawInt, CodePoints.Count(text));

        // The last place that starts at or before the index, so the text may reach past it.
        var end = (int)Math.Min((long)from + sought.Length, text.Length);
        var at = sought.Length == 0 ? from : text.AsSpan(0, end).LastIndexOf(sought);
        return CelValue.From(at < 0 ? -1L : CodePoints.FromUnits(text, at));
    }

    private static CelValue Join(scoped ReadOnlySpan<CelValue> a, ref Frame frame)
    {
        if (a[0].Kind != CelKind.List || (a.Length == 2 && a[1].Kind != CelKind.String))
            return Faults.WrongArguments("list.join", a);
        var separator = a.Length == 2 ? a[1].RawString : "";
        var items = a[0].RawList;
        if (!frame.Charge(a[0].Weight + (long)items.Length * (1 + separator.Length / 8)))
            return frame.Exhausted;
        var joined = new StringBuilder();
        for (var i = 0; i < items.Length; i++)
        {
            if (items[i].Kind != CelKind.String)
                return CelValue.Failed(CelFault.Overload($"join() joins strings, not {CelTypes.NameOf(items[i])}."));
            joined.Append(i == 0 ? "" : separator).Append(items[i].RawString);
        }
        return CelValue.From(joined.ToString());
    }

    private static CelValue Replace(scoped ReadOnlySpan<CelValue> a, ref Frame frame)
    {
        if (a[0].Kind != CelKind.String || a[1].Kind != CelKind.String || a[2].Kind != CelKind.String || (a.Length == 4 && a[3].Kind != CelKind.Int))
            return Faults.WrongArguments("string.replace", a);
        if (!ChargeSearch(a[0], a[1], ref frame))
            return frame.Exhausted;
        var (text, old, by) = (a[0].RawString, a[1].RawString, a[2].RawString);
        var left = a.Length == 4 && a[3].RawInt >= 0 ? a[3].RawInt : long.MaxValue;
        var result = new StringBuilder();
        var from = 0;
        while (left-- > 0)
        {
            var at = text.IndexOf(old, from, StringComparison.Ordinal);
            if (at < 0)
                break;
            if (!frame.Charge(1 + by.Length / 8))
                return frame.Exhausted;
            result.Append(text, from, at - from).Append(by);
            from = at + old.Length;
            if (old.Length == 0)
            {
                // An empty text is found before every character and at the end.
                if (at == text.Length)
                    break;
                var units = char.IsHighSurrogate(text[at]) ? 2 : 1;
                result.Append(text, at, units);
                from = at + units;
            }
        }
        return CelValue.From(result.Append(text, from, text.Length - from).ToString());
    }

    private static CelValue Split(scoped ReadOnlySpan<CelValue> a, ref Frame frame)
    {
        if (a[0].Kind != CelKind.String || a[1].Kind != CelKind.String || (a.Length == 3 && a[2].Kind != CelKind.Int))
            return Faults.WrongArguments("string.split", a);
        if (!ChargeSearch(a[0], a[1], ref frame))
            return frame.Exhausted;
        var (text, separator) = (a[0].RawString, a[1].RawString);
        var most = a.Length == 3 && a[2].RawInt >= 0 ? a[2].RawInt : long.MaxValue;
        List<CelValue> parts = [];
        if (most == 0 || (text.Length == 0 && separator.Length == 0))
            return CelValue.OwnedList([]);
        var from = 0;
        while (parts.Count + 1 < most)
        {
            var at = separator.Length > 0
                ? text.IndexOf(separator, from, StringComparison.Ordinal)
                : from + (from < text.Length && char.IsHighSurrogate(text[from]) ? 2 : 1) is var next && next < text.Length ? next : -1;
            if (at < 0)
                break;
            if (!frame.Charge(1))
                return frame.Exhausted;
            parts.Add(CelValue.From(text[from..at]));
            from = at + separator.Length;
        }
        parts.Add(CelValue.From(text[from..]));
        return Frame.Built(CelValue.OwnedList([.. parts]));
    }

    private static CelValue Substring(scoped ReadOnlySpan<CelValue> a, ref Frame frame)
    {
        if (a[0].Kind != CelKind.String || a[1].Kind != CelKind.Int || (a.Length == 3 && a[2].Kind != CelKind.Int))
            return Faults.WrongArguments("string.substring", a);
        if (!frame.Charge(a[0].Weight))
            return frame.Exhausted;
        var text = a[0].RawString;
        var from = CodePoints.ToUnits(text, a[1].RawInt);
        var to = a.Length == 3 ? CodePoints.ToUnits(text, a[2].RawInt) : text.Length;
        if (from < 0 || to < from)
            return Faults.Index(a[from < 0 ? 1 : 2].RawInt, CodePoints.Count(text));
        return CelValue.From(text[from..to]);
    }

    private static CelValue Map(string name, scoped ReadOnlySpan<CelValue> a, ref Frame frame, Func<string, string> map)
    {
        if (a[0].Kind != CelKind.String)
            return Faults.WrongArguments("string." + name, a);
        return frame.Charge(a[0].Weight) ? CelValue.From(map(a[0].RawString)) : frame.Exhausted;
    }

    private static string Ascii(string text, Func<char, bool> changes) => string.Create(text.Length, (text, changes), static (target, state) =>
    {
        for (var i = 0; i < target.Length; i++)
            target[i] = state.changes(state.text[i]) ? (char)(state.text[i] ^ 0x20) : state.text[i];
    });

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var character in text)
        {
            _ = character switch
            {
                '\a' => quoted.Append("\\a"),
                '\b' => quoted.Append("\\b"),
                '\f' => quoted.Append("\\f"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                '\v' => quoted.Append("\\v"),
                '\\' => quoted.Append("\\\\"),
                '"' => quoted.Append("\\\""),
                _ => quoted.Append(character),
            };
        }
        return quoted.Append('"').ToString();
    }
}
