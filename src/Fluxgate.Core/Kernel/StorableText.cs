namespace Fluxgate.Core.Kernel;

/// <summary>Text that PostgreSQL, UTF-8 and canonical JSON all take: without NUL (U+0000) and without half surrogate pairs.</summary>
public static class StorableText
{
    public static bool Is(ReadOnlySpan<char> text)
    {
        if (!text.Contains('\0') && text.IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
            return true;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0' || char.IsLowSurrogate(text[i]))
                return false;
            if (char.IsHighSurrogate(text[i]) && (++i >= text.Length || !char.IsLowSurrogate(text[i])))
                return false;
        }
        return true;
    }

    /// <summary>The same with U+FFFD for what is not storable.</summary>
    public static string Clean(string text)
    {
        if (Is(text))
            return text;
        var characters = text.ToCharArray();
        for (var i = 0; i < characters.Length; i++)
        {
            if (char.IsHighSurrogate(characters[i]) && i + 1 < characters.Length && char.IsLowSurrogate(characters[i + 1]))
                i++;
            else if (characters[i] == '\0' || char.IsSurrogate(characters[i]))
                characters[i] = '\uFFFD';
        }
        return new string(characters);
    }

    /// <summary>The first <paramref name="length"/> UTF-16 units, or one less where that would halve a surrogate pair.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length)
            return text;
        return char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)] : text[..length];
    }
}
