using Fluxgate.Data.Audit;
using Fluxgate.Data.Isolation;
using Fluxgate.Data.Migrations;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Engine.Quotas;
using Fluxgate.Server.Features.KillSwitches;
using Fluxgate.Server.Features.LogLevels;
using Fluxgate.Server.Features.Usage;
using Fluxgate.Server.Hosting;
using Fluxgate.Server.Security;

namespace Fluxgate.Server;

/// <summary>What whoever runs the installation does to its database by command, beside a server or without one. Each takes the server's configuration.</summary>
public static class OperatorTools
{
    /// <summary>Applies the migrations alone; the names of those applied now.</summary>
    public static Task<IReadOnlyList<string>> Migrate(IConfiguration configuration, CancellationToken cancel) =>
        InstallationDatabase.Use(configuration, options => new Migrator(options).Migrate(cancel), cancel);

    /// <summary>What organizations may have, for whoever runs the installation; the database has this version's schema.</summary>
    public static Task<T> WithQuotas<T>(IConfiguration configuration, Func<OperatorQuotas, Task<T>> work, CancellationToken cancel) => InstallationDatabase.Use(configuration, async options =>
    {
        await using var database = new Database(options);
        var quotas = new QuotaOptions();
        configuration.GetSection(QuotaOptions.Section).Bind(quotas, b => b.ErrorOnUnknownConfiguration = true);
        return await work(new OperatorQuotas(database, quotas, new AuditLog(TimeProvider.System, new AuditSignal())));
    }, cancel);

    /// <summary>What is switched off, for whoever runs the installation; the database has this version's schema.</summary>
    public static Task<T> WithSwitches<T>(IConfiguration configuration, Func<OperatorSwitches, Task<T>> work, CancellationToken cancel) => InstallationDatabase.Use(configuration, async options =>
    {
        await using var database = new Database(options);
        return await work(new OperatorSwitches(database, new KillSwitchRows(new AuditLog(TimeProvider.System, new AuditSignal()), TimeProvider.System), TimeProvider.System));
    }, cancel);

    /// <summary>What running servers log, for whoever runs the installation; the database has this version's schema.</summary>
    public static Task<T> WithLogLevels<T>(IConfiguration configuration, Func<LogLevels, Task<T>> work, CancellationToken cancel) => InstallationDatabase.Use(configuration, async options =>
    {
        await using var database = new Database(options);
        return await work(new LogLevels(database, TimeProvider.System));
    }, cancel);

    /// <summary>
    /// Makes a new pepper, for whoever runs the installation; its version. New keys are hashed under it, others when they are
    /// next used, and what was hashed under an older one stays good.
    /// </summary>
    public static Task<int> RotatePepper(IConfiguration configuration, CancellationToken cancel)
    {
        var installation = new InstallationOptions();
        configuration.Bind(installation);
        var root = VaultRegistration.LoadRootKey(configuration, installation);
        return InstallationDatabase.Use(configuration, async options =>
        {
            await using var database = new Database(options);
            await new KeyVault(database, root, TimeProvider.System).CheckRootKey(cancel);
            return await InstallationSecretRotation.Add(options, root, InstallationSecret.ApiKeyPepper, TimeProvider.System, cancel);
        }, cancel);
    }

    /// <summary>Whether PostgreSQL keeps organizations and people apart, for whoever runs the installation. Nothing is changed.</summary>
    public static Task<IsolationReport> CheckIsolation(IConfiguration configuration, CancellationToken cancel) =>
        InstallationDatabase.Use(configuration, options => IsolationCheck.Run(options, cancel), cancel);

    /// <summary>The text of a new API key, which exists nowhere until a configuration's bootstrap section declares it.</summary>
    public static string NewApiKey() => ApiKeyText.New();
}
