using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Data.Embedded;

/// <summary>
/// A private PostgreSQL cluster made from PostgreSQL's own binaries: no TCP, peer authentication over a socket in a
/// private folder, durable settings on. PostgreSQL refuses to run as root, so for root it lives under
/// <c>/var/lib/fluxgate</c> and belongs to the user <c>postgres</c>. For one node; clusters of nodes bring their own.
/// </summary>
public sealed class EmbeddedCluster
{
    private const string RootHome = "/var/lib/fluxgate";
    private const string RootUser = "postgres";
    private const string Administrator = "fluxgate_admin";
    private static readonly string[] LocalRoles = [Administrator, DatabaseRole.Owner, DatabaseRole.App, DatabaseRole.Engine, DatabaseRole.Platform];

    /// <summary>Socket paths end at 107 bytes; the file name takes 20 of them.</summary>
    private const int LongestSocketFolder = 87;

    private readonly string home;
    private readonly string pointer;
    private readonly Lazy<(string Folder, int Version)> binaries = new(FindBinaries);

    private EmbeddedCluster(string home, string pointer) => (this.home, this.pointer) = (home, pointer);

    /// <summary>This has started it: it did not run before, and it came up.</summary>
    public bool WasStartedHere { get; private set; }

    /// <summary>Where its data is.</summary>
    public string Folder => home;

    private string DataFolder => Path.Combine(home, "pgdata");

    private string SocketFolder => Path.Combine(home, "socket");

    private static bool IsRoot => Environment.UserName == "root";

    /// <summary>The connection settings of the cluster when it runs.</summary>
    public DatabaseOptions Connection => new() { Host = SocketFolder, Port = 5432, Name = "fluxgate", AdminUser = Administrator };

    /// <summary>The cluster of <paramref name="dataDirectory"/>, which may be new and is not started. Nothing is written before it is.</summary>
    public static EmbeddedCluster At(string dataDirectory)
    {
        var pointer = Pointer(dataDirectory);
        return new EmbeddedCluster(File.Exists(pointer) ? File.ReadAllText(pointer).Trim() : NewHome(dataDirectory), pointer);
    }

    /// <summary>Makes the cluster if it is new, and starts it unless it runs already.</summary>
    public async Task Start(CancellationToken cancel)
    {
        if (!File.Exists(pointer))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(pointer))!);
            Directory.CreateDirectory(home);
            await File.WriteAllTextAsync(pointer, home + "\n", cancel);
        }
        if (!File.Exists(Path.Combine(DataFolder, "PG_VERSION")))
            await Initialise(cancel);
        RefuseOtherVersion();
        await StartPostmaster(cancel);
    }

    /// <summary>Stops PostgreSQL; open connections are ended, what was committed stays.</summary>
    public async Task Stop(CancellationToken cancel) =>
        await RunAsDatabaseUser("pg_ctl", ["stop", "-D", DataFolder, "-m", "fast", "-w"], cancel);

    /// <summary>Stops the cluster of a data directory if it runs, and removes it with all its data.</summary>
    public static async Task Delete(string dataDirectory, CancellationToken cancel)
    {
        var pointer = Pointer(dataDirectory);
        if (!File.Exists(pointer))
            return;
        var cluster = At(dataDirectory);
        if (await cluster.ExitCode("pg_ctl", ["status", "-D", cluster.DataFolder], cancel) == 0)
            await cluster.Stop(cancel);
        if (Directory.Exists(cluster.home))
            Directory.Delete(cluster.home, recursive: true);
        File.Delete(pointer);
    }

    /// <summary>
    /// A pointer in the data directory names the cluster's home, with random digits: whoever deletes the directory to
    /// begin anew does not meet the old cluster again under the same path.
    /// </summary>
    private static string Pointer(string dataDirectory) => Path.Combine(dataDirectory, "cluster");

    private static string NewHome(string dataDirectory)
    {
        var own = Path.Combine(Path.GetFullPath(dataDirectory), "postgres");
        return !IsRoot && own.Length + "/socket".Length <= LongestSocketFolder
            ? own
            : Path.Combine(IsRoot ? RootHome : Path.GetTempPath(), "fg-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)));
    }

    private async Task Initialise(CancellationToken cancel)
    {
        Directory.CreateDirectory(SocketFolder);
        if (IsRoot)
        {
            File.SetUnixFileMode(RootHome, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
            await Run("chown", ["-R", RootUser, home], cancel);
        }
        await RunAsDatabaseUser(
            "initdb",
            ["--locale=C", "--encoding=UTF8", "--data-checksums", "--auth=peer", "-U", Administrator, "-D", DataFolder],
            cancel);
        File.SetUnixFileMode(SocketFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await File.AppendAllTextAsync(Path.Combine(DataFolder, "postgresql.conf"), $"""

            # Fluxgate: reached by its own processes only
            listen_addresses = ''
            unix_socket_directories = '{SocketFolder}'
            unix_socket_permissions = 0700
            max_connections = 200
            shared_buffers = 256MB
            wal_compression = on
            max_wal_size = 4GB
            jit = off
            log_min_messages = warning
            log_min_error_statement = panic
            """ + "\n", cancel);
        await File.WriteAllTextAsync(Path.Combine(DataFolder, "pg_hba.conf"), "local all all peer map=fluxgate\n", cancel);
        await File.WriteAllTextAsync(
            Path.Combine(DataFolder, "pg_ident.conf"),
            string.Concat(LocalRoles.Select(role => $"fluxgate {Environment.UserName} {role}\n")), cancel);
    }

    private void RefuseOtherVersion()
    {
        var dataVersion = File.ReadAllText(Path.Combine(DataFolder, "PG_VERSION")).Trim();
        var binaryVersion = binaries.Value.Version.ToString(CultureInfo.InvariantCulture);
        if (dataVersion != binaryVersion)
            throw new InvalidOperationException($"The data in {DataFolder} is PostgreSQL {dataVersion}, the binaries in {binaries.Value.Folder} are {binaryVersion}. Install the matching version or upgrade the data with pg_upgrade.");
    }

    private async Task StartPostmaster(CancellationToken cancel)
    {
        // After a crash of ours the postmaster may live on: it is adopted, pg_ctl status says 0.
        if (await ExitCode("pg_ctl", ["status", "-D", DataFolder], cancel) == 0)
            return;
        await RunAsDatabaseUser("pg_ctl", ["start", "-D", DataFolder, "-w", "-t", "60", "-l", Path.Combine(home, "postgres.log")], cancel);
        WasStartedHere = true;
    }

    private static (string Folder, int Version) FindBinaries()
    {
        var candidates = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).ToList()
            : [];
        candidates.AddRange((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Where(p => File.Exists(Path.Combine(p, "initdb"))));
        var newest = candidates.Where(c => File.Exists(Path.Combine(c, "initdb"))).Select(c => (Folder: c, Version: Version(c))).OrderByDescending(c => c.Version).FirstOrDefault();
        return newest.Version >= 15 ? newest : throw new InvalidOperationException("PostgreSQL 15 or newer is not installed (Debian: apt-get install postgresql).");
    }

    private static int Version(string binaries)
    {
        var text = Output(Path.Combine(binaries, "postgres"), "--version");
        var digits = text.Split(' ').First(w => char.IsAsciiDigit(w[0]));
        return int.Parse(digits.Split('.')[0], CultureInfo.InvariantCulture);
    }

    private static string Output(string program, string argument)
    {
        using var process = Process.Start(new ProcessStartInfo(program, [argument]) { RedirectStandardOutput = true })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return text;
    }

    private async Task RunAsDatabaseUser(string program, IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        var (file, all) = AsDatabaseUser(program, arguments);
        await Run(file, all, cancel);
    }

    private async Task<int> ExitCode(string program, IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        var (file, all) = AsDatabaseUser(program, arguments);
        return (await Execute(file, all, cancel)).Code;
    }

    private (string File, IReadOnlyList<string> Arguments) AsDatabaseUser(string program, IReadOnlyList<string> arguments)
    {
        var path = Path.Combine(binaries.Value.Folder, program);
        return IsRoot ? ("runuser", ["-u", RootUser, "--", path, .. arguments]) : (path, arguments);
    }

    private static async Task Run(string program, IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        var (code, output) = await Execute(program, arguments, cancel);
        if (code != 0)
            throw new InvalidOperationException($"{Path.GetFileName(program)} {arguments[0]} failed with exit code {code}: {output}");
    }

    private static async Task<(int Code, string Output)> Execute(string program, IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        // Output goes to a file, not a pipe: the postmaster inherits it, and a pipe would stay open as long as it lives.
        var outputFile = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >\"$0\" 2>&1 </dev/null", outputFile, program, .. arguments]) { WorkingDirectory = "/" };
            using var process = Process.Start(start)!;
            await process.WaitForExitAsync(cancel);
            return (process.ExitCode, (await File.ReadAllTextAsync(outputFile, cancel)).Trim());
        }
        finally
        {
            File.Delete(outputFile);
        }
    }
}
