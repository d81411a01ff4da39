using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Fluxgate.Engine.Nodes.Code;
using Fluxgate.Testing;

namespace Fluxgate.Engine.Tests.Nodes;

/// <summary>Abuse 4: what a script could do that had broken out of QuickJS: the seal of its process, without QuickJS.</summary>
public sealed class SealedProcessTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    private static async Task<string> Run(string script, TimeSpan? longest = null)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("sealed-").FullName, "script.mjs");
        try
        {
            // The one who starts the seal may be nobody.
            File.SetUnixFileMode(Path.GetDirectoryName(file)!, (UnixFileMode)0b111_101_101);
            await File.WriteAllTextAsync(file, script);
            var (output, error) = await new SealedProcess(new CodeOptions(), file).Run("given"u8.ToArray(), longest ?? Long, CancellationToken.None);
            return Encoding.UTF8.GetString(output) is { Length: > 0 } text ? text : error;
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }

    [Fact]
    public async Task It_is_given_what_it_reads_and_gives_what_it_writes() =>
        Assert.Equal("GIVEN", await Run("process.stdin.on('data', (d) => process.stdout.write(String(d).toUpperCase()));"));

    [Fact]
    public async Task Abuse04_It_has_no_network()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answer = await Run($$"""
            import net from 'node:net';
            import dns from 'node:dns';
            const tried = (host) => new Promise((done) => net.connect({{((IPEndPoint)listener.LocalEndpoint).Port}}, host).on('connect', () => done('connected')).on('error', (e) => done(e.code)));
            const named = new Promise((done) => dns.resolve('localhost', (e) => done(e ? e.code : 'resolved')));
            console.log(JSON.stringify([await tried('127.0.0.1'), await tried('10.0.0.1'), await named]));
            """);
        var results = JsonSerializer.Deserialize<string[]>(answer)!;
        Assert.DoesNotContain("connected", results);
        Assert.DoesNotContain("resolved", results);
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task Abuse04_It_sees_no_files_and_writes_none()
    {
        var answer = await Run("""
            import fs from 'node:fs';
            const tried = (work) => { try { work(); return 'done'; } catch (e) { return e.code; } };
            console.log(JSON.stringify({
              root: fs.readdirSync('/'),
              writes: ['/x', '/dev/shm/x', '/dev/x', '/proc/x', '/usr/x', '/script.mjs', './x'].map((path) => tried(() => fs.writeFileSync(path, 'x'))),
              folders: tried(() => fs.mkdirSync('/folder')),
              memory: tried(() => fs.readFileSync('/proc/1/environ')) === 'done' ? fs.readFileSync('/proc/1/environ', 'utf8') : '',
            }));
            """);
        using var seen = JsonDocument.Parse(answer);
        string[] known = ["dev", "lib", "lib64", "node", "prlimit", "proc", "script.mjs", "usr"];
        Assert.Equal(known, seen.RootElement.GetProperty("root").EnumerateArray().Select(n => n.GetString()).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("done", seen.RootElement.GetProperty("writes").EnumerateArray().Select(n => n.GetString()));
        Assert.Equal("EROFS", seen.RootElement.GetProperty("folders").GetString());
        Assert.DoesNotContain("PATH", seen.RootElement.GetProperty("memory").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Abuse04_It_sees_no_environment_no_other_process_and_is_nobody()
    {
        var answer = await Run("""
            import fs from 'node:fs';
            import os from 'node:os';
            const status = fs.readFileSync('/proc/self/status', 'utf8');
            console.log(JSON.stringify({
              environment: Object.keys(process.env), user: process.getuid(), host: os.hostname(),
              processes: fs.readdirSync('/proc').filter((n) => /^[0-9]+$/.test(n)).length,
              capabilities: /CapEff:\s*(\w+)/.exec(status)[1], privileges: /NoNewPrivs:\s*(\d)/.exec(status)[1],
            }));
            """);
        using var seen = JsonDocument.Parse(answer);
        var root = seen.RootElement;
        Assert.Empty(root.GetProperty("environment").EnumerateArray().Select(n => n.GetString()).Except(["PWD"]));
        Assert.Equal((65534, "sandbox", "0000000000000000", "1"), (root.GetProperty("user").GetInt32(), root.GetProperty("host").GetString(), root.GetProperty("capabilities").GetString(), root.GetProperty("privileges").GetString()));
        Assert.InRange(root.GetProperty("processes").GetInt32(), 1, 3);
    }

    [Fact]
    public async Task Abuse04_It_starts_a_few_processes_at_most()
    {
        var answer = await Run("""
            import { spawn } from 'node:child_process';
            const started = [];
            for (let i = 0; i < 100; i++) started.push(new Promise((done) => {
              try { const child = spawn('/node', ['-e', 'setTimeout(() => {}, 30000)'], { stdio: 'ignore' }); child.on('spawn', () => done(1)).on('error', () => done(0)); } catch { done(0); }
            }));
            const alive = (await Promise.all(started)).reduce((a, b) => a + b, 0);
            process.stdout.write(String(alive), () => process.exit(0));
            """);
        // Those beyond may have taken even this script's own threads; then it says nothing of a hundred.
        Assert.True(!int.TryParse(answer, out var alive) || alive < 40, answer);
    }

    [Fact]
    public async Task Abuse04_It_fills_no_more_memory_than_it_may()
    {
        var answer = await Run("""
            const kept = [];
            try { for (let i = 1; i <= 64; i++) { kept.push(Buffer.alloc(64 * 1024 * 1024, 1)); process.stdout.write(`${i} `); } } catch { process.stdout.write('refused'); }
            """);
        Assert.True(answer.Split(' ').Count(part => int.TryParse(part, out _)) < 12, answer);
    }

    [Theory]
    [InlineData("while (true) {}")]
    [InlineData("process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);")]
    [InlineData("import { spawn } from 'node:child_process'; spawn('/node', ['-e', 'while (true) {}'], { detached: true, stdio: 'ignore' }).unref(); while (true) {}")]
    public async Task Abuse04_It_is_gone_after_its_time_with_what_it_started(string script)
    {
        var watch = Stopwatch.StartNew();
        Assert.Equal("", await Run(script, TimeSpan.FromSeconds(2)));
        Assert.InRange(watch.Elapsed.TotalSeconds, 1.9, 10);
        await Condition.Holds(
            () => Task.FromResult(!Process.GetProcessesByName("node").Any(p => CommandLine(p).StartsWith("/node", StringComparison.Ordinal) && CommandLine(p).Contains("while", StringComparison.Ordinal))),
            "nothing of it is left", seconds: 3);
    }

    [Fact]
    public async Task Abuse04_What_writes_without_end_is_not_listened_to()
    {
        var watch = Stopwatch.StartNew();
        Assert.Equal("", await Run("const line = 'x'.repeat(65536); for (;;) if (!process.stdout.write(line)) await new Promise((done) => process.stdout.once('drain', done));"));
        Assert.True(watch.Elapsed < Long);
    }

    private static string CommandLine(Process process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline");
        }
        catch (IOException)
        {
            return ""; // ended meanwhile
        }
    }
}
