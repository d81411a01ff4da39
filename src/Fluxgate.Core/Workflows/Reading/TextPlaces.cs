using System.Text;

namespace Fluxgate.Core.Workflows.Reading;

/// <summary>Line and column (from 1, columns in characters) of a byte offset.</summary>
internal sealed class TextPlaces(byte[] utf8)
{
    private readonly List<int> lineStarts = LineStarts(utf8);

    public (int Line, int Column) Of(long offset)
    {
        var at = (int)Math.Min(offset, utf8.Length);
        var index = lineStarts.BinarySearch(at);
        var line = index >= 0 ? index : ~index - 1;
        return (line + 1, Encoding.UTF8.GetCharCount(utf8, lineStarts[line], at - lineStarts[line]) + 1);
    }

    private static List<int> LineStarts(byte[] utf8)
    {
        var starts = new List<int> { 0 };
        for (var i = 0; i < utf8.Length; i++)
            if (utf8[i] == '\n')
                starts.Add(i + 1);
        return starts;
    }
}
