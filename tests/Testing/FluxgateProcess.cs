using System.Diagnostics;
using System.Text;

namespace Fluxgate.Testing;

/// <summary>The product as a process of its own, so that it can be killed. It is stopped by its process id, whatever happens to the test.</summary>
public sealed class FluxgateProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder output = new();

    private FluxgateProcess(Process process) => this.process = process;

    public string Output
    {
        get
        {
            lock (output)
                return output.ToString();
        }
    }

    public bool HasExited => process.HasExited;

    public static FluxgateProcess Start(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "fluxgate"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        var started = new FluxgateProcess(Process.Start(start)!);
        started.process.OutputDataReceived += (_, e) => started.Keep(e.Data);
        started.process.ErrorDataReceived += (_, e) => started.Keep(e.Data);
        started.process.BeginOutputReadLine();
        started.process.BeginErrorReadLine();
        return started;
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task Kill()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>The exit code, once the process has ended by itself.</summary>
    public async Task<int> Exit(TimeSpan longest)
    {
        using var deadline = new CancellationTokenSource(longest);
        await process.WaitForExitAsync(deadline.Token);
        return process.ExitCode;
    }

    private void Keep(string? line)
    {
        lock (output)
            output.AppendLine(line);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            await Kill();
        process.Dispose();
    }
}
