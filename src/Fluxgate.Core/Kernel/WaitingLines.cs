namespace Fluxgate.Core.Kernel;

/// <summary>
/// One at a time for each name, within this process. It stands before a lock that all nodes share: those who wait here hold
/// nothing yet, such as a connection, so that a name that many want keeps nobody else out.
/// </summary>
public sealed class WaitingLines
{
    private sealed class Line() : SemaphoreSlim(1)
    {
        public int Members { get; set; }
    }

    private readonly Dictionary<string, Line> lines = new(StringComparer.Ordinal);

    /// <summary>Returns when it is the caller's turn, which ends when what this gives is disposed.</summary>
    public async Task<IDisposable> Enter(string name, CancellationToken cancel)
    {
        Line? line;
        lock (lines)
        {
            if (!lines.TryGetValue(name, out line))
                lines[name] = line = new Line();
            line.Members++;
        }
        try
        {
            await line.WaitAsync(cancel);
        }
        catch
        {
            Leave(name, line);
            throw;
        }
        return new Place(this, name, line);
    }

    private void Leave(string name, Line line)
    {
        lock (lines)
        {
            if (--line.Members > 0)
                return;
            lines.Remove(name);
        }
        line.Dispose();
    }

    private sealed class Place(WaitingLines lines, string name, Line line) : IDisposable
    {
        private int left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref left, 1) != 0)
                return;
            line.Release();
            lines.Leave(name, line);
        }
    }
}
