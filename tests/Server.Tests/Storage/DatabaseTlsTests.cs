using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Tests.Runs;
using Fluxgate.Testing;
using Npgsql;

namespace Fluxgate.Server.Tests.Storage;

/// <summary>FB12, the settings of the way to a PostgreSQL elsewhere, against one.</summary>
public sealed class DatabaseTlsTests(DatabaseNodeTests.Outside outside) : IClassFixture<DatabaseNodeTests.Outside>, IAsyncLifetime
{
    private const string Role = "fluxgate_platform";
    private readonly string folder = Directory.CreateTempSubdirectory("fluxgate-database-tls-").FullName;

    public async Task InitializeAsync()
    {
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.2", Port = outside.Postgres.Port, Database = "postgres", Username = OutsidePostgres.User, Password = OutsidePostgres.Password, SslMode = SslMode.Require, Pooling = false,
        };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        foreach (var sql in (string[])[$"drop database if exists {OutsidePostgres.Certified}", $"drop role if exists {Role}", $"create role {Role} login password '{OutsidePostgres.Password}'", $"create database {OutsidePostgres.Certified}"])
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    public Task DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return Task.CompletedTask;
    }

    private string Kept(string name, string pem)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, pem);
        return path;
    }

    private DatabaseOptions Options(DatabaseTls tls, string? authority = null, string host = "127.0.0.2") => new()
    {
        Host = host, Port = outside.Postgres.Port, Name = "postgres", Password = OutsidePostgres.Password, Tls = tls,
        TlsAuthorityPath = Kept(Guid.NewGuid() + ".crt", authority ?? outside.Authority.Pem),
    };

    /// <summary>Whether the connection is under TLS.</summary>
    private static async Task<bool> Connects(DatabaseOptions options)
    {
        await using var database = new Database(options);
        return await database.Platform.QueryOne<bool>($"select ssl from pg_stat_ssl where pid = pg_backend_pid()", CancellationToken.None);
    }

    private static async Task IsNotTrusted(DatabaseOptions options) =>
        Assert.IsType<AuthenticationException>((await Assert.ThrowsAsync<NpgsqlException>(() => Connects(options))).InnerException);

    [Fact]
    public async Task FB12_FK15_The_database_is_believed_as_far_as_the_settings_say()
    {
        var stranger = new TestAuthority("Others").Pem;
        Assert.True(await Connects(Options(DatabaseTls.VerifyFull)));
        await IsNotTrusted(Options(DatabaseTls.VerifyFull, host: "127.0.0.3"));
        await IsNotTrusted(Options(DatabaseTls.VerifyFull, stranger));

        Assert.True(await Connects(Options(DatabaseTls.VerifyCa, host: "127.0.0.3")));
        await IsNotTrusted(Options(DatabaseTls.VerifyCa, stranger));

        Assert.True(await Connects(Options(DatabaseTls.Require, stranger)));
        Assert.True(await Connects(Options(DatabaseTls.Prefer, stranger)));
        Assert.False(await Connects(Options(DatabaseTls.Disable)));
    }

    [Fact]
    public async Task FB12_FK15_A_database_that_asks_for_a_certificate_gets_the_one_that_is_set()
    {
        DatabaseOptions Shows(TestAuthority? authority, string name)
        {
            var options = Options(DatabaseTls.VerifyFull);
            options.Name = OutsidePostgres.Certified;
            options.Password = null;
            if (authority is null)
                return options;
            using var certificate = authority.Issue(name);
            options.TlsCertificatePath = Kept(Guid.NewGuid() + ".crt", certificate.ExportCertificatePem());
            using var secret = certificate.GetECDsaPrivateKey()!;
            options.TlsKeyPath = Kept(Guid.NewGuid() + ".key", secret.ExportPkcs8PrivateKeyPem());
            return options;
        }

        Assert.True(await Connects(Shows(outside.Authority, Role)));
        await Assert.ThrowsAsync<PostgresException>(() => Connects(Shows(null, Role)));
        await Assert.ThrowsAsync<PostgresException>(() => Connects(Shows(outside.Authority, "fluxgate_app")));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => Connects(Shows(new TestAuthority("Others"), Role)));
    }
}
