using Fluxgate.Data.Embedded;
using Fluxgate.Data.Migrations;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Engine.Connections;
using Fluxgate.Engine;
using Fluxgate.Engine.Nodes.Code;
using Fluxgate.Engine.Partitions;
using Fluxgate.Engine.Storage;
using Fluxgate.Server.Features.ApiKeys;
using Fluxgate.Server.Features.Audit;
using Fluxgate.Server.Features.Connectors;
using Fluxgate.Server.Features.ConsolePages;
using Fluxgate.Server.Features.Credentials;
using Fluxgate.Server.Features.Egress;
using Fluxgate.Server.Features.Groups;
using Fluxgate.Server.Features.Health;
using Fluxgate.Server.Features.Hooks;
using Fluxgate.Server.Features.Invitations;
using Fluxgate.Server.Features.KeyValues;
using Fluxgate.Server.Features.Members;
using Fluxgate.Server.Features.Organizations;
using Fluxgate.Server.Features.Retention;
using Fluxgate.Server.Features.Reviews;
using Fluxgate.Server.Features.Runs;
using Fluxgate.Server.Features.Setup;
using Fluxgate.Server.Features.SignIn;
using Fluxgate.Server.Features.WebhookEndpoints;
using Fluxgate.Server.Features.Workflows;
using Fluxgate.Server.Hosting;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server;

/// <summary>The server as one object: database, migrations, services, routes. Used by <c>fluxgate serve</c>, the demo and the tests.</summary>
public sealed class FluxgateApplication : IAsyncDisposable
{
    private readonly WebApplication web;
    private readonly EmbeddedCluster? cluster;
    private int disposed;

    private FluxgateApplication(WebApplication web, EmbeddedCluster? cluster, string? setupToken)
    {
        (this.web, this.cluster) = (web, cluster);
        SetupToken = setupToken;
    }

    /// <summary>The one-time token for the first owner; null once the installation is set up.</summary>
    public string? SetupToken { get; }

    public Uri Address => new(web.Urls.First());

    public IServiceProvider Services => web.Services;

    public static async Task<FluxgateApplication> Start(IConfiguration configuration, CancellationToken cancel)
    {
        var installation = new InstallationOptions();
        configuration.Bind(installation);
        var rootKey = VaultRegistration.LoadRootKey(configuration, installation);
        var (databaseOptions, cluster) = await OpenDatabase(configuration, installation, cancel);
        WebApplication? web = null;
        try
        {
            await new Migrator(databaseOptions).Migrate(cancel);
            web = Build(configuration, installation, databaseOptions, cluster?.Folder, rootKey);
            await web.Services.GetRequiredService<KeyVault>().CheckRootKey(cancel);
            // Before anybody writes: a row on its way to a default partition is refused when its month's partition appears.
            await web.Services.GetRequiredService<PartitionKeeper>().MakeAhead(cancel);
            var setupToken = await web.Services.GetRequiredService<FirstStart>().Prepare(cancel);
            await web.StartAsync(cancel);
            return new FluxgateApplication(web, cluster, setupToken);
        }
        catch
        {
            // A start that fails leaves nothing running.
            if (web is not null)
                await web.DisposeAsync();
            if (cluster is not null)
                await cluster.Stop(CancellationToken.None);
            throw;
        }
    }

    /// <summary>Applies the migrations alone; the names of those applied now.</summary>
    public static async Task<IReadOnlyList<string>> Migrate(IConfiguration configuration, CancellationToken cancel)
    {
        var installation = new InstallationOptions();
        configuration.Bind(installation);
        var (databaseOptions, cluster) = await OpenDatabase(configuration, installation, cancel);
        try
        {
            return await new Migrator(databaseOptions).Migrate(cancel);
        }
        finally
        {
            if (cluster is not null)
                await cluster.Stop(CancellationToken.None);
        }
    }

    /// <summary>The text of a new API key, which exists nowhere until a configuration's bootstrap section declares it.</summary>
    public static string NewApiKey() => ApiKeyText.New();

    private static async Task<(DatabaseOptions Options, EmbeddedCluster? Cluster)> OpenDatabase(
        IConfiguration configuration, InstallationOptions installation, CancellationToken cancel)
    {
        var options = new DatabaseOptions();
        configuration.GetSection(DatabaseOptions.Section).Bind(options, b => b.ErrorOnUnknownConfiguration = true);
        if (options.Host is not null)
            return (options, null);
        var cluster = await EmbeddedCluster.Start(installation.DataDirectory, cancel);
        return (cluster.Connection, cluster);
    }

    public Task WaitForShutdown(CancellationToken cancel) => web.WaitForShutdownAsync(cancel);

    private static WebApplication Build(IConfiguration configuration, InstallationOptions installation, DatabaseOptions databaseOptions, string? databaseFolder, RootKey rootKey)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "fluxgate" });
        builder.Logging.AddSimpleConsole(o => o.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseKestrel(k =>
        {
            k.AddServerHeader = false;
            k.Limits.MaxRequestBodySize = 1024 * 1024;
        });
        builder.WebHost.UseUrls(installation.Listen.Split(';'));

        builder.Services.AddRouting().AddSingleton(TimeProvider.System).AddSingleton(installation);
        builder.Services.AddSingleton(new Database(databaseOptions));
        builder.Services.AddVault(rootKey);
        builder.Services.AddEgress(configuration);
        builder.Services.ConfigureHttpJsonOptions(o => JsonConventions.Configure(o.SerializerOptions));
        builder.Services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        builder.Services.AddExceptionHandler<UnhandledErrors>().AddProblemDetails();
        builder.Services.AddSection<SignInOptions>(configuration, SignInOptions.Section);
        builder.Services.AddSingleton<RequestOrigin>().AddSingleton<SessionAuthentication>().AddSingleton<Gate>().AddSingleton<Idempotency>();
        builder.Services.AddSingleton<CrossTenantLog>().AddHostedService(s => s.GetRequiredService<CrossTenantLog>());
        builder.Services.AddSignIn();
        builder.Services.AddAudit();
        builder.Services.AddInvitations(configuration);
        builder.Services.AddApiKeys(configuration);
        builder.Services.AddConnectors();
        builder.Services.AddCredentials();
        builder.Services.AddKeyValues(configuration);
        builder.Services.AddRetention(configuration);
        builder.Services.AddSection<StorageOptions>(configuration, StorageOptions.Section).Directory ??= databaseFolder;
        builder.Services.AddSection<CodeOptions>(configuration, CodeOptions.Section);
        builder.Services.AddEngine(builder.Services.AddSection<EngineOptions>(configuration, EngineOptions.Section));
        builder.Services.AddWorkflows();
        builder.Services.AddRuns(configuration);
        builder.Services.AddReviews();
        builder.Services.AddHooks();
        builder.Services.AddSetup(configuration);
        builder.Services.AddOpenApiDocument();
        builder.Services.RefuseConfigurationFaults(configuration);

        var web = builder.Build();
        web.UseExceptionHandler();
        web.UseSecurityHeaders();
        web.Use(OrganizationRoute.Cut);
        web.UseRouting();
        web.Use(web.Services.GetRequiredService<Gate>().Pass);
        web.Use(web.Services.GetRequiredService<Idempotency>().Pass);
        web.Use(BodyLimit.Explain);
        web.UseEndpoints(_ => { });

        web.MapHealth();
        web.MapSetup();
        web.MapSignIn();
        web.MapMembers();
        web.MapAudit();
        web.MapInvitations();
        web.MapOrganizations();
        web.MapApiKeys();
        web.MapCredentials();
        web.MapConnectors();
        web.MapEgressPolicy();
        web.MapRetention();
        web.MapKeyValues();
        web.MapGroups();
        web.MapWorkflows();
        web.MapRuns();
        web.MapReviews();
        web.MapWebhookEndpoints();
        web.MapHooks();
        web.MapOpenApiDocument();
        web.MapConsole();
        web.RefuseUndeclaredAccess();
        return web;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1)
            return;
        await web.StopAsync();
        await web.DisposeAsync();
        if (cluster is not null)
            await cluster.Stop(CancellationToken.None);
    }
}
