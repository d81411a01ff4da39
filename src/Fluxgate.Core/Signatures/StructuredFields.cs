using System.Globalization;
using System.Text;

namespace Fluxgate.Core.Signatures;

/// <summary>A token of a structured field (RFC 9651, section 3.3.4), apart from a string.</summary>
public sealed record StructuredToken(string Text);

/// <summary>
/// An item or inner list with its parameters. <paramref name="Value"/> is <see cref="long"/>, <see cref="string"/>,
/// <see cref="StructuredToken"/>, <see cref="bool"/>, an array of bytes, or a list of items.
/// </summary>
public sealed record StructuredItem(object Value, IReadOnlyList<KeyValuePair<string, object>> Parameters)
{
    /// <summary>The parameter's value if it is there with that type; else null.</summary>
    public object? this[string parameter] => Parameters.FirstOrDefault(p => p.Key == parameter).Value;
}

/// <summary>
/// Dictionaries of RFC 9651 as signatures and digests use them: items and inner lists of integers, strings, tokens, bytes
/// and booleans. What else the standard has (decimals, dates, display strings) is a fault here.
/// </summary>
public static class StructuredFields
{
    private const int MostMembers = 32;

    /// <summary>The members in their order, the last of each name; null for a text that is no such dictionary.</summary>
    public static IReadOnlyList<KeyValuePair<string, StructuredItem>>? Dictionary(string text)
    {
        var reader = new Reader(text);
        var members = new List<KeyValuePair<string, StructuredItem>>();
        reader.Skip(' ');
        while (!reader.AtEnd)
        {
            if (members.Count == MostMembers || reader.Key() is not { } key)
                return null;
            var value = reader.Take('=') ? reader.Member() : reader.WithParameters(true);
            if (value is null)
                return null;
            members.RemoveAll(m => m.Key == key);
            members.Add(new(key, value));
            reader.SkipBlanks();
            if (reader.AtEnd)
                return members;
            if (!reader.Take(','))
                return null;
            reader.SkipBlanks();
            if (reader.AtEnd)
                return null;
        }
        return members;
    }

    /// <summary>The canonical text (RFC 9651, section 4.1), whatever blanks the sender wrote.</summary>
    public static string Text(StructuredItem item)
    {
        var text = new StringBuilder();
        Append(text, item);
        return text.ToString();
    }

    /// <summary>The canonical text of a string.</summary>
    public static string Quoted(string value) => $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static void Append(StringBuilder text, StructuredItem item)
    {
        if (item.Value is IReadOnlyList<StructuredItem> list)
        {
            text.Append('(');
            for (var i = 0; i < list.Count; i++)
            {
                if (i > 0)
                    text.Append(' ');
                Append(text, list[i]);
            }
            text.Append(')');
        }
        else
        {
            text.Append(Bare(item.Value));
        }
        foreach (var (name, value) in item.Parameters)
        {
            text.Append(';').Append(name);
            if (value is not true)
                text.Append('=').Append(Bare(value));
        }
    }

    private static string Bare(object value) => value switch
    {
        long number => number.ToString(CultureInfo.InvariantCulture),
        string quoted => Quoted(quoted),
        StructuredToken token => token.Text,
        byte[] bytes => $":{Convert.ToBase64String(bytes)}:",
        bool truth => truth ? "?1" : "?0",
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };

    private ref struct Reader(ReadOnlySpan<char> text)
    {
        private ReadOnlySpan<char> rest = text;

        public readonly bool AtEnd => rest.IsEmpty;

        public bool Take(char expected)
        {
            if (rest.IsEmpty || rest[0] != expected)
                return false;
            rest = rest[1..];
            return true;
        }

        public void Skip(char blank) => rest = rest.TrimStart(blank);

        public void SkipBlanks() => rest = rest.TrimStart(" \t");

        public string? Key()
        {
            if (rest.IsEmpty || !(char.IsAsciiLetterLower(rest[0]) || rest[0] == '*'))
                return null;
            return Run(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-' or '.' or '*');
        }

        public StructuredItem? Member() => Take('(') ? InnerList() : BareItem() is { } bare ? WithParameters(bare) : null;

        public StructuredItem? WithParameters(object value)
        {
            var parameters = new List<KeyValuePair<string, object>>();
            while (Take(';'))
            {
                Skip(' ');
                if (parameters.Count == MostMembers || Key() is not { } key)
                    return null;
                var given = Take('=') ? BareItem() : true;
                if (given is null)
                    return null;
                parameters.RemoveAll(p => p.Key == key);
                parameters.Add(new(key, given));
            }
            return new StructuredItem(value, parameters);
        }

        private StructuredItem? InnerList()
        {
            var items = new List<StructuredItem>();
            while (true)
            {
                Skip(' ');
                if (Take(')'))
                    return WithParameters(items);
                if (items.Count == MostMembers || BareItem() is not { } bare || WithParameters(bare) is not { } item)
                    return null;
                items.Add(item);
                if (rest.IsEmpty || (rest[0] != ' ' && rest[0] != ')'))
                    return null;
            }
        }

        private object? BareItem()
        {
            if (rest.IsEmpty)
                return null;
            return rest[0] switch
            {
                '"' => (object?)Quoted(),
                ':' => Bytes(),
                '?' => Boolean(),
                '-' or (>= '0' and <= '9') => Integer(),
                _ => Token(),
            };
        }

        private long? Integer()
        {
            var negative = Take('-');
            var digits = Run(char.IsAsciiDigit);
            // A decimal goes on with a point.
            if (digits.Length is 0 or > 15 || (!rest.IsEmpty && rest[0] == '.'))
                return null;
            var number = long.Parse(digits, CultureInfo.InvariantCulture);
            return negative ? -number : number;
        }

        private string? Quoted()
        {
            var value = new StringBuilder();
            rest = rest[1..];
            while (!rest.IsEmpty)
            {
                var c = rest[0];
                rest = rest[1..];
                if (c == '"')
                    return value.ToString();
                if (c == '\\')
                {
                    if (rest.IsEmpty || rest[0] is not ('"' or '\\'))
                        return null;
                    c = rest[0];
                    rest = rest[1..];
                }
                else if (c is < ' ' or > '~')
                {
                    return null;
                }
                value.Append(c);
            }
            return null;
        }

        private byte[]? Bytes()
        {
            var end = rest[1..].IndexOf(':');
            if (end < 0)
                return null;
            var encoded = rest.Slice(1, end);
            rest = rest[(end + 2)..];
            var bytes = new byte[encoded.Length];
            return !encoded.ContainsAny(" \t\r\n") && Convert.TryFromBase64Chars(encoded, bytes, out var length) ? bytes[..length] : null;
        }

        private bool? Boolean()
        {
            if (rest.Length < 2 || rest[1] is not ('0' or '1'))
                return null;
            var value = rest[1] == '1';
            rest = rest[2..];
            return value;
        }

        private StructuredToken? Token()
        {
            if (!(char.IsAsciiLetter(rest[0]) || rest[0] == '*'))
                return null;
            return new StructuredToken(Run(static c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~:/".Contains(c, StringComparison.Ordinal)));
        }

        private string Run(Func<char, bool> belongs)
        {
            var length = 0;
            while (length < rest.Length && belongs(rest[length]))
                length++;
            var run = rest[..length].ToString();
            rest = rest[length..];
            return run;
        }
    }
}
