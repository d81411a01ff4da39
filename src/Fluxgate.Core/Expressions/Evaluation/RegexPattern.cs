using System.Text;
using System.Text.RegularExpressions;

namespace Fluxgate.Core.Expressions.Evaluation;

/// <summary>
/// Patterns of matches(), in the syntax of RE2 as CEL asks. They run in time linear in the text, without backtracking,
/// so look-around and back references are refused. \d \w \s and $ are turned into RE2's meaning: ASCII, and the very end.
/// </summary>
internal static class RegexPattern
{
    public const int MaxLength = 1_000;

    /// <summary>Copies that counted repetition may make, multiplied where nested: the automaton grows with it.</summary>
    private const int MaxRepetition = 1_000;
    private const int MaxGroups = 100;

    /// <summary>
    /// The pattern ready to run; null with the reason if it is not one. <paramref name="states"/> is about how many states
    /// its automaton has, each of which a character of the text may cost. There is no time limit on purpose: an engine of
    /// .NET 10 that does not backtrack answers wrong, not late, when a limit passes while it runs (<c>a\z</c> then matches
    /// a line break after the a).
    /// </summary>
    public static Regex? Create(string pattern, out string? reason, out int states)
    {
        states = 0;
        reason = Refuse(pattern, out var copies);
        if (reason is not null)
            return null;
        try
        {
            var translated = Translate(pattern);
            states = translated.Length * copies;
            return new Regex(translated, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Regex.InfiniteMatchTimeout);
        }
        catch (Exception invalid) when (invalid is ArgumentException or NotSupportedException)
        {
            reason = "The pattern is not a regular expression in RE2's syntax, or too large a one.";
            return null;
        }
    }

    private static string? Refuse(string pattern, out int all)
    {
        all = 1;
        if (pattern.Length > MaxLength)
            return $"The pattern is longer than {MaxLength} characters.";
        if (pattern.AsSpan().Count('(') > MaxGroups)
            return $"The pattern has more than {MaxGroups} groups.";

        // Taking every count as nested in every other is stricter than needed, and cannot be fooled.
        long copies = 1;
        for (var at = pattern.IndexOf('{'); at >= 0; at = pattern.IndexOf('{', at + 1))
        {
            var digits = at + 1;
            foreach (var bound in pattern[digits..].Split('}')[0].Split(','))
            {
                if (bound.Length > 0 && bound.All(char.IsAsciiDigit))
                    copies *= bound.Length > 4 ? MaxRepetition + 1 : Math.Max(1, int.Parse(bound, System.Globalization.CultureInfo.InvariantCulture));
                if (copies > MaxRepetition)
                    return $"The pattern repeats more than {MaxRepetition} times in all.";
            }
        }
        all = (int)copies;
        return null;
    }

    private static string Translate(string pattern)
    {
        var result = new StringBuilder(pattern.Length + 16);
        var inClass = false;
        var multiline = pattern.Contains("(?", StringComparison.Ordinal) && FlagsHoldMultiline(pattern);
        for (var i = 0; i < pattern.Length; i++)
        {
            var character = pattern[i];
            if (character == '\\' && i + 1 < pattern.Length)
            {
                var escape = pattern[++i];
                if (escape is 'p' or 'P' && i + 1 < pattern.Length && char.IsAsciiLetter(pattern[i + 1]))
                    result.Append('\\').Append(escape).Append('{').Append(pattern[++i]).Append('}');
                else
                    result.Append(Escape(escape, inClass));
                continue;
            }
            if (character == '[' && inClass && string.CompareOrdinal(pattern, i, "[:", 0, 2) == 0 && pattern.IndexOf(":]", i, StringComparison.Ordinal) is var end and > 0)
            {
                result.Append(Named(pattern[(i + 2)..end]));
                i = end + 1;
                continue;
            }
            if (character == '[' && !inClass)
            {
                inClass = true;
                result.Append('[');
                if (i + 1 < pattern.Length && pattern[i + 1] == '^')
                    result.Append(pattern[++i]);
                if (i + 1 < pattern.Length && pattern[i + 1] == ']')
                {
                    result.Append("\\]");
                    i++;
                }
                continue;
            }
            inClass &= character != ']';
            result.Append(character switch
            {
                '[' => "\\[",
                '$' when !inClass && !multiline => "\\z",
                '(' when !inClass && string.CompareOrdinal(pattern, i, "(?P<", 0, 4) == 0 => Skip(ref i, 2, "(?"),
                _ => character.ToString(),
            });
        }
        return result.ToString();
    }

    private static string Skip(ref int position, int count, string replacement)
    {
        position += count;
        return replacement;
    }

    private static bool FlagsHoldMultiline(string pattern)
    {
        for (var at = pattern.IndexOf("(?", StringComparison.Ordinal); at >= 0; at = pattern.IndexOf("(?", at + 1, StringComparison.Ordinal))
        {
            var flags = pattern.AsSpan(at + 2);
            flags = flags[..Math.Max(0, flags.IndexOfAnyExcept("imsU-"))];
            if (flags.Contains('m'))
                return true;
        }
        return false;
    }

    private static string Escape(char escape, bool inClass) => (escape, inClass) switch
    {
        ('d', false) => "[0-9]",
        ('D', false) => "[^0-9]",
        ('w', false) => "[0-9A-Za-z_]",
        ('W', false) => "[^0-9A-Za-z_]",
        ('s', false) => "[\\t\\n\\f\\r ]",
        ('S', false) => "[^\\t\\n\\f\\r ]",
        ('d', true) => "0-9",
        ('D', true) => "\\0-/:-\\uffff",
        ('w', true) => "0-9A-Za-z_",
        ('W', true) => "\\0-/:-@\\[-\\^`{-\\uffff",
        ('s', true) => "\\t\\n\\f\\r ",
        ('S', true) => "\\0-\\x08\\x0b\\x0e-\\x1f!-\\uffff",
        _ => "\\" + escape,
    };

    private static string Named(string name) => name switch
    {
        "alnum" => "0-9A-Za-z",
        "alpha" => "A-Za-z",
        "ascii" => "\\0-\\x7f",
        "blank" => "\\t ",
        "cntrl" => "\\0-\\x1f\\x7f",
        "digit" => "0-9",
        "graph" => "!-~",
        "lower" => "a-z",
        "print" => " -~",
        "punct" => "!-/:-@\\[-`{-~",
        "space" => "\\t\\n\\v\\f\\r ",
        "upper" => "A-Z",
        "word" => "0-9A-Za-z_",
        "xdigit" => "0-9A-Fa-f",
        _ => "[:" + name + ":]",
    };
}
