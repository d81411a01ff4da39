using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fluxgate.Testing;

/// <summary>
/// Somebody else's PostgreSQL: on 127.0.0.2, with TLS, a user and a password. On 127.0.0.3 it is too, which is not in its
/// certificate. Into the database <see cref="Certified"/> a certificate of the authority leads, and no password.
/// </summary>
public sealed class OutsidePostgres : IAsyncDisposable
{
    public const string User = "clerk";
    public const string Password = "database-password-4711";
    public const string Certified = "certified";

    private readonly string home;
    private readonly string binaries;

    private OutsidePostgres(string home, string binaries, int port) => (this.home, this.binaries, Port) = (home, binaries, port);

    public int Port { get; }

    private string Data => Path.Combine(home, "data");

    public static async Task<OutsidePostgres> Start(TestAuthority authority, int port)
    {
        var binaries = Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(d => d, StringComparer.Ordinal).Select(d => Path.Combine(d, "bin")).First(d => File.Exists(Path.Combine(d, "initdb")));
        var server = new OutsidePostgres(Path.Combine(Path.GetTempPath(), "fg-outside-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))), binaries, port);
        Directory.CreateDirectory(server.home);
        var password = Path.Combine(server.home, "password");
        await File.WriteAllTextAsync(password, Password);
        if (Environment.UserName == "root")
            await Run("chown", "-R", "postgres", server.home);
        await server.AsOwner("initdb", "--locale=C", "--encoding=UTF8", "--auth=scram-sha-256", "-U", User, $"--pwfile={password}", "-D", server.Data);
        using (var certificate = authority.Issue("outside.test", System.Net.IPAddress.Parse("127.0.0.2")))
        {
            await File.WriteAllTextAsync(Path.Combine(server.Data, "server.crt"), certificate.ExportCertificatePem());
            await File.WriteAllTextAsync(Path.Combine(server.Data, "server.key"), certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        }
        File.SetUnixFileMode(Path.Combine(server.Data, "server.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(Path.Combine(server.Data, "clients.crt"), authority.Pem);
        var access = Path.Combine(server.Data, "pg_hba.conf");
        await File.WriteAllTextAsync(access, $"hostssl {Certified} all all cert\nhostnossl {Certified} all all reject\n" + await File.ReadAllTextAsync(access));
        await File.AppendAllTextAsync(Path.Combine(server.Data, "postgresql.conf"), $"\nlisten_addresses = '127.0.0.2,127.0.0.3'\nport = {port}\nssl = on\nssl_ca_file = 'clients.crt'\nunix_socket_directories = ''\nshared_buffers = 16MB\nfsync = off\nlog_min_messages = fatal\nlog_min_error_statement = panic\n");
        if (Environment.UserName == "root")
            await Run("chown", "-R", "postgres", server.home);
        await server.AsOwner("pg_ctl", "start", "-w", "-t", "60", "-D", server.Data, "-l", Path.Combine(server.home, "log"));
        return server;
    }

    private Task AsOwner(string program, params string[] arguments) => Environment.UserName == "root"
        ? Run("runuser", ["-u", "postgres", "--", Path.Combine(binaries, program), .. arguments])
        : Run(Path.Combine(binaries, program), arguments);

    private static async Task Run(string program, params string[] arguments)
    {
        // Output goes nowhere, not into a pipe: the postmaster inherits it, and a pipe would stay open as long as it lives.
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >/dev/null 2>&1 </dev/null", "sh", program, .. arguments]) { WorkingDirectory = "/" })!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {arguments.FirstOrDefault()} ended with {process.ExitCode}.");
    }

    public async ValueTask DisposeAsync()
    {
        await AsOwner("pg_ctl", "stop", "-w", "-m", "immediate", "-D", Data);
        Directory.Delete(home, recursive: true);
    }
}
