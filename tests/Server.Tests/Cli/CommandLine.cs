using System.Diagnostics;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Cli;

/// <summary>A user's shell: runs the real executable with a home of its own.</summary>
internal sealed class CommandLine : IDisposable
{
    public static readonly string[] AllScopes =
    [
        "workflows:read", "workflows:write", "workflows:publish", "runs:read", "runs:reveal", "runs:start", "runs:signal", "runs:cancel", "connectors:read", "connectors:write", "credentials:read", "credentials:write", "kv:read", "kv:write", "audit:read", "anomalies:write", "organization:read", "organization:write",
        "members:read", "members:write", "roles:write", "grants:read", "grants:write", "resources:all", "api_keys:read", "api_keys:write",
    ];

    private readonly string home = Directory.CreateTempSubdirectory("fluxgate-cli-").FullName;

    public Dictionary<string, string> Environment { get; } = [];

    public string LoginFile => Path.Combine(home, "fluxgate", "login.json");

    /// <summary>A shell that is logged in with a key of the member's organization.</summary>
    public static async Task<CommandLine> LoggedIn(TestInstallation installation, TestMember member)
    {
        var shell = new CommandLine();
        var key = (await member.NewKey(AllScopes)).Text("key");
        var (exit, _, error) = await shell.Run(key, "login", "--url", installation.Address.AbsoluteUri);
        Assert.Equal((0, ""), (exit, error));
        return shell;
    }

    /// <summary>A file in the shell's home; its path.</summary>
    public string Write(string name, string content)
    {
        var file = Path.Combine(home, name);
        File.WriteAllText(file, content);
        return file;
    }

    public async Task<(int Exit, string Out, string Error)> Run(string? input, params string[] arguments)
    {
        using var process = Start(arguments);
        if (input is not null)
            await process.StandardInput.WriteLineAsync(input);
        process.StandardInput.Close();
        return await Finish(process);
    }

    /// <summary>Started and waiting for its standard input or the server; <see cref="Finish"/> ends it.</summary>
    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "fluxgate"), arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = home,
        };
        start.Environment["XDG_CONFIG_HOME"] = home;
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public static async Task<(int Exit, string Out, string Error)> Finish(Process process)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var error = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    public void Dispose() => Directory.Delete(home, recursive: true);
}
