namespace Fluxgate.Core.Expressions;

internal static class SourceText
{
    /// <summary>Line and column, both from 1, as <c>2:7</c>.</summary>
    public static string Place(string source, int position)
    {
        var before = source.AsSpan(0, Math.Clamp(position, 0, source.Length));
        var line = before.Count('\n') + 1;
        return $"{line}:{before.Length - before.LastIndexOf('\n')}";
    }
}
