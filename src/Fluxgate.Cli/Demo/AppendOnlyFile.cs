using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fluxgate.Cli.Demo;

/// <summary>JSON lines that survive <c>kill -9</c>; a last line that was cut off is left out when read, and overwritten.</summary>
internal sealed class AppendOnlyFile : IDisposable
{
    private readonly FileStream stream;

    public AppendOnlyFile(string path) => stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);

    public IReadOnlyList<JsonObject> Read()
    {
        stream.Position = 0;
        var lines = new List<JsonObject>();
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var end = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
        foreach (var line in Encoding.UTF8.GetString(bytes, 0, end).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            lines.Add(JsonNode.Parse(line)!.AsObject());
        stream.SetLength(end);
        stream.Position = end;
        return lines;
    }

    public void Append(JsonObject line)
    {
        stream.Write(JsonSerializer.SerializeToUtf8Bytes(line));
        stream.WriteByte((byte)'\n');
        stream.Flush();
    }

    public void Dispose() => stream.Dispose();
}
