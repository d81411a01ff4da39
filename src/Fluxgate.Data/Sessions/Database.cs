using System.Globalization;
using Fluxgate.Core.Kernel;
using Npgsql;

namespace Fluxgate.Data.Sessions;

/// <summary>The door to PostgreSQL: sessions by role. There is no ambient tenant; who asks for a session says whose.</summary>
public sealed class Database : IAsyncDisposable
{
    private readonly NpgsqlDataSource app;
    private readonly NpgsqlDataSource engine;
    private readonly NpgsqlDataSource writer;
    private readonly NpgsqlDataSource platform;
    private readonly NpgsqlDataSource own;
    private readonly Session platformSession;

    public Database(DatabaseOptions options)
    {
        app = Source(options, DatabaseRole.App, maxConnections: 16);
        engine = Source(options, DatabaseRole.Engine, maxConnections: 8);
        // Batches of unnest arrays join small sets; PostgreSQL cannot know that and would build hash tables for them.
        writer = Source(options, DatabaseRole.Engine, maxConnections: 5, settings: "-c enable_hashjoin=off -c enable_mergejoin=off");
        platform = Source(options, DatabaseRole.Platform, maxConnections: 4);
        own = Source(options, DatabaseRole.Platform, maxConnections: 1, pooled: false);
        platformSession = new Session(platform, null);
    }

    /// <summary>A person's work in an organization: rows of that organization, and that person's own rows.</summary>
    public Session Tenant(OrganizationId organization, UserId? user) =>
        new(app, () => Settings(organization.Value, user?.Value));

    /// <summary>The same for who only reviews: tables that are no part of the inbox show no row.</summary>
    public Session Reviewer(OrganizationId organization, UserId? user) =>
        new(app, () =>
        {
            var command = Settings(organization.Value, user?.Value);
            command.CommandText += ", set_config('fluxgate.reviewer', 'on', true)";
            return command;
        });

    /// <summary>A person's own rows, outside any organization.</summary>
    public Session Person(UserId user) => new(app, () => Settings(null, user.Value));

    /// <summary>The engine's work for the organizations that one batch names.</summary>
    public Session Engine(params IReadOnlyCollection<OrganizationId> organizations)
    {
        var ids = organizations.Select(o => o.Value).ToArray();
        return new Session(engine, () => Command("select set_config('fluxgate.organization_ids', $1::uuid[]::text, true)", ids));
    }

    /// <summary>The engine's batches: as <see cref="Engine"/>, and a statement gives up on a locked row after <paramref name="lockTimeout"/> milliseconds.</summary>
    public Session Writer(IReadOnlyCollection<OrganizationId> organizations, int lockTimeout)
    {
        var ids = organizations.Select(o => o.Value).ToArray();
        return new Session(writer, () =>
        {
            var command = Command("select set_config('fluxgate.organization_ids', $1::uuid[]::text, true), set_config('lock_timeout', $2, true)", ids);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = lockTimeout.ToString(CultureInfo.InvariantCulture) });
            return command;
        });
    }

    /// <summary>
    /// Sign-in and due work, before any organization is known: the narrow tables only. Privilege rises here, so callers
    /// take an organization from what they read (a session, a key), never from a request's body.
    /// </summary>
    public Session Platform => platformSession;

    /// <summary>An own connection that stays open, for locks and notifications. It is in no pool: closing it ends its session, and with that its locks.</summary>
    internal async Task<NpgsqlConnection> OpenPlatformConnection(CancellationToken cancel) => await own.OpenConnectionAsync(cancel);

    /// <summary>Throws unless PostgreSQL answers.</summary>
    public async Task Ping(CancellationToken cancel) => await platformSession.QueryOne<int>($"select 1", cancel);

    internal static NpgsqlDataSource Source(DatabaseOptions options, string role, int maxConnections, bool pooled = true, string? settings = null)
    {
        var isAdmin = role == options.AdminUser;
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = options.Host ?? throw new InvalidOperationException("The database has no host."),
            Port = options.Port,
            Database = options.Name,
            Username = role,
            Password = isAdmin ? options.AdminPassword ?? options.Password : options.Password,
            SslMode = options.Tls switch
            {
                DatabaseTls.Disable => SslMode.Disable,
                DatabaseTls.Prefer => SslMode.Prefer,
                DatabaseTls.Require => SslMode.Require,
                DatabaseTls.VerifyCa => SslMode.VerifyCA,
                _ => SslMode.VerifyFull,
            },
            RootCertificate = options.TlsAuthorityPath,
            SslCertificate = options.TlsCertificatePath,
            SslKey = options.TlsKeyPath,
            ApplicationName = "fluxgate",
            Pooling = pooled,
            Options = settings,
            MaxPoolSize = maxConnections,
            MaxAutoPrepare = 200,
            AutoPrepareMinUsages = 3,
            IncludeErrorDetail = false, // detail would carry row values into logs
            NoResetOnClose = true, // settings are transaction-local, there is nothing to reset
        };
        return new NpgsqlDataSourceBuilder(connection.ConnectionString).Build();
    }

    private static NpgsqlBatchCommand Settings(Guid? organization, Guid? user)
    {
        var command = new NpgsqlBatchCommand(
            "select set_config('fluxgate.organization_id', $1, true), set_config('fluxgate.user_id', $2, true)");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = organization?.ToString() ?? "" });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = user?.ToString() ?? "" });
        return command;
    }

    private static NpgsqlBatchCommand Command<T>(string text, T parameter) =>
        new(text) { Parameters = { new NpgsqlParameter<T> { TypedValue = parameter } } };

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await engine.DisposeAsync();
        await writer.DisposeAsync();
        await platform.DisposeAsync();
        await own.DisposeAsync();
    }
}
