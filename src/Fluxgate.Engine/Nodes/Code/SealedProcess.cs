using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Fluxgate.Engine.Nodes.Code;

/// <summary>
/// One script in Node.js, in a process that has no network, no files but Node.js itself, no environment, no privileges and
/// no other processes to see, with bounds on what it uses; it is killed when its time is over.
/// </summary>
internal sealed class SealedProcess(CodeOptions options, string script)
{
    /// <summary>Node.js takes about this much for itself.</summary>
    private const int OwnMegabytes = 512;

    /// <summary>Threads and processes; Node.js has a dozen threads.</summary>
    private const int Threads = 40;

    private const int MostOutput = 4 * 1024 * 1024;
    private const int MostError = 4096;

    /// <summary>
    /// What it wrote, once it has ended, or nothing if it wrote too much or was killed; and the beginning of its complaints.
    /// </summary>
    /// <exception cref="Win32Exception">A program is not there.</exception>
    public async Task<(byte[] Output, string Error)> Run(byte[] input, TimeSpan longest, CancellationToken cancel)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(longest);
        var (process, ended) = await Start(StartInfo(longest));
        try
        {
            var output = Read(process.StandardOutput.BaseStream, MostOutput, late);
            var error = ReadBeginning(process.StandardError.BaseStream, MostError, late.Token);
            try
            {
                await process.StandardInput.BaseStream.WriteAsync(input, late.Token);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It ended before it had read everything.
            }
            await Task.WhenAll(output, error);
            await process.WaitForExitAsync(late.Token);
            return (await output, Encoding.UTF8.GetString(await error));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return ([], "");
        }
        finally
        {
            // The processes inside die with the one that holds their namespace.
            process.Kill();
            await ended;
            process.Dispose();
        }
    }

    /// <summary>The seal dies with the thread that started it, as Linux has it, so that one is not of the pool and stays to the end.</summary>
    private static async Task<(Process Process, Task Ended)> Start(ProcessStartInfo info)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = Task.Factory.StartNew(
            () =>
            {
                try
                {
                    started.SetResult(Process.Start(info)!);
                }
                catch (Win32Exception e)
                {
                    started.SetException(e);
                    return;
                }
                started.Task.Result.WaitForExit();
            }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return (await started.Task, ended);
    }

    private ProcessStartInfo StartInfo(TimeSpan longest)
    {
        // Root would keep what is root's, and the number of processes is not bounded for it: nobody starts the seal.
        string[] user = Environment.IsPrivilegedProcess ? ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs"] : [];
        string[] limits =
        [
            "/usr/bin/prlimit",
            "--core=0", "--fsize=0", "--nofile=64", string.Create(CultureInfo.InvariantCulture, $"--cpu={(int)longest.TotalSeconds + 2}"),
            string.Create(CultureInfo.InvariantCulture, $"--data={(OwnMegabytes + 2L * options.MemoryMegabytes) * 1024 * 1024}"),
        ];
        string[] seal =
        [
            "--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try", "--disable-userns",
            "--uid", "65534", "--gid", "65534", "--cap-drop", "ALL", "--hostname", "sandbox", "--new-session", "--die-with-parent",
            "--ro-bind", "/usr/lib", "/usr/lib", "--ro-bind-try", "/usr/lib64", "/usr/lib64", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
            "--ro-bind", "/usr/bin/prlimit", "/prlimit", "--ro-bind", options.Node, "/node", "--ro-bind", script, "/script.mjs",
            "--proc", "/proc", "--dev", "/dev", "--chdir", "/", "--remount-ro", "/",
        ];
        // The number of processes is bounded within the namespace: there no others of the user count.
        string[] command = ["/prlimit", string.Create(CultureInfo.InvariantCulture, $"--nproc={Threads}"), "--", "/node", "--max-old-space-size=64", "/script.mjs"];
        string[] all = [.. user, .. limits, "--", options.Bubblewrap, .. seal, .. command];
        var start = new ProcessStartInfo(all[0], all[1..])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment.Clear();
        return start;
    }

    /// <summary>All of it; what writes more than that has its time cut short.</summary>
    private static async Task<byte[]> Read(Stream stream, int most, CancellationTokenSource late)
    {
        using var read = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await stream.ReadAsync(buffer, late.Token) is var count and > 0)
        {
            if (read.Length + count > most)
                await late.CancelAsync();
            read.Write(buffer, 0, count);
        }
        return read.ToArray();
    }

    /// <summary>The beginning of it; the rest is read and forgotten.</summary>
    private static async Task<byte[]> ReadBeginning(Stream stream, int most, CancellationToken cancel)
    {
        using var read = new MemoryStream();
        var buffer = new byte[4 * 1024];
        while (await stream.ReadAsync(buffer, cancel) is var count and > 0)
            read.Write(buffer, 0, (int)Math.Min(count, most - read.Length));
        return read.ToArray();
    }
}
