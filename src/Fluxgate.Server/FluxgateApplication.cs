using Fluxgate.Data.Audit;
using Fluxgate.Data.Embedded;
using Fluxgate.Data.Isolation;
using Fluxgate.Data.Migrations;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Engine.Connections;
using Fluxgate.Engine;
using Fluxgate.Engine.Nodes.Code;
using Fluxgate.Engine.Partitions;
using Fluxgate.Engine.Quotas;
using Fluxgate.Engine.Storage;
using Fluxgate.Server.Edge;
using Fluxgate.Server.Features.Access;
using Fluxgate.Server.Features.Anomalies;
using Fluxgate.Server.Features.ApiKeys;
using Fluxgate.Server.Features.Audit;
using Fluxgate.Server.Features.ClientKeys;
using Fluxgate.Server.Features.Connectors;
using Fluxgate.Server.Features.ConsolePages;
using Fluxgate.Server.Features.Credentials;
using Fluxgate.Server.Features.Egress;
using Fluxgate.Server.Features.Folders;
using Fluxgate.Server.Features.Groups;
using Fluxgate.Server.Features.Health;
using Fluxgate.Server.Features.Hooks;
using Fluxgate.Server.Features.Invitations;
using Fluxgate.Server.Features.KeyValues;
using Fluxgate.Server.Features.KillSwitches;
using Fluxgate.Server.Features.Limits;
using Fluxgate.Server.Features.Members;
using Fluxgate.Server.Features.Organizations;
using Fluxgate.Server.Features.RequestLog;
using Fluxgate.Server.Features.Retention;
using Fluxgate.Server.Features.Reviews;
using Fluxgate.Server.Features.Roles;
using Fluxgate.Server.Features.Runs;
using Fluxgate.Server.Features.ServiceAccounts;
using Fluxgate.Server.Features.Setup;
using Fluxgate.Server.Features.SignIn;
using Fluxgate.Server.Features.SigningKeys;
using Fluxgate.Server.Features.Templates;
using Fluxgate.Server.Features.Usage;
using Fluxgate.Server.Features.WebhookEndpoints;
using Fluxgate.Server.Features.Workflows;
using Fluxgate.Server.Features.WorkflowTests;
using Fluxgate.Server.Hosting;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;
using Fluxgate.Server.Security.RequestLog;
using Fluxgate.Server.Security.Limits;

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
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "fluxgate" });
        // Nothing is opened or made before the whole configuration holds.
        var (databaseOptions, cluster) = AddServices(builder, configuration, installation);
        WebApplication? web = null;
        // Beside each other: each is about half of a cold start.
        var opened = Task.Run(() => OpenDatabase(databaseOptions, cluster, cancel), CancellationToken.None);
        try
        {
            web = Build(builder);
            await opened;
            if (installation.Profile == Profile.Production)
                await ServingRoles.RefusePrivileged(web.Services.GetRequiredService<Database>(), cancel);
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
            await opened.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (web is not null)
                await web.DisposeAsync();
            if (cluster is { WasStartedHere: true })
                await cluster.Stop(CancellationToken.None);
            throw;
        }
    }

    private static async Task OpenDatabase(DatabaseOptions options, EmbeddedCluster? cluster, CancellationToken cancel)
    {
        if (cluster is not null)
            await cluster.Start(cancel);
        await new Migrator(options).Migrate(cancel);
    }

    public Task WaitForShutdown(CancellationToken cancel) => web.WaitForShutdownAsync(cancel);

    private static (DatabaseOptions Database, EmbeddedCluster? Cluster) AddServices(WebApplicationBuilder builder, IConfiguration configuration, InstallationOptions installation)
    {
        builder.AddLogging(installation);
        builder.Services.AddRouting().AddSingleton(TimeProvider.System).AddSingleton(installation);
        builder.AddEdge(configuration, installation);
        var configured = builder.Services.ReadSection<DatabaseOptions>(configuration, DatabaseOptions.Section);
        var (database, cluster) = InstallationDatabase.Find(configured, installation);
        // Made by the container, which closes its connections when the server ends.
        builder.Services.AddSingleton(_ => new Database(database));
        var vault = builder.Services.ReadSection<VaultOptions>(configuration, VaultOptions.Section);
        if (builder.Services.OrFault(() => VaultRegistration.LoadRootKey(vault, installation)) is { } rootKey)
            builder.Services.AddVault(rootKey);
        builder.Services.AddEgress(configuration);
        builder.Services.ConfigureHttpJsonOptions(o => JsonConventions.Configure(o.SerializerOptions));
        builder.Services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        builder.Services.AddExceptionHandler<UnhandledErrors>().AddProblemDetails();
        builder.Services.AddSection<SignInOptions>(configuration, SignInOptions.Section);
        builder.Services.AddSingleton<RequestOrigin>().AddSingleton<SessionAuthentication>().AddSingleton<SwitchGate>().AddSingleton<Gate>().AddSingleton<Idempotency>();
        builder.Services.AddSingleton<DenialLog>().AddHostedService(s => s.GetRequiredService<DenialLog>());
        builder.Services.AddLimits(configuration);
        builder.Services.AddHostedService<GateSweeper>();
        builder.Services.AddAccess();
        builder.Services.AddSignIn();
        builder.Services.AddAudit();
        builder.Services.AddInvitations(configuration);
        builder.Services.AddApiKeys(configuration);
        builder.Services.AddClientKeys();
        builder.Services.AddSignedRequests(configuration);
        builder.Services.AddRequestLog(configuration);
        builder.Services.AddConnectors();
        builder.Services.AddCredentials();
        builder.Services.AddKeyValues(configuration);
        builder.Services.AddRetention(configuration);
        builder.Services.AddSection<StorageOptions>(configuration, StorageOptions.Section).Directory ??= cluster?.Folder;
        builder.Services.AddSection<QuotaOptions>(configuration, QuotaOptions.Section);
        builder.Services.AddSection<CodeOptions>(configuration, CodeOptions.Section);
        builder.Services.AddEngine(builder.Services.AddSection<EngineOptions>(configuration, EngineOptions.Section));
        builder.Services.AddSingleton<KillSwitchRows>();
        builder.Services.AddWorkflows();
        builder.Services.AddRuns(configuration);
        builder.Services.AddWorkflowTests();
        builder.Services.AddReviews();
        builder.Services.AddHooks();
        builder.Services.AddFaults(ProfileFaults.OfSecrets(installation, configured, builder.Services.AddSetup(configuration)));
        builder.Services.AddOpenApiDocument();
        builder.Services.RefuseConfigurationFaults(configuration);
        return (database, cluster);
    }

    private static WebApplication Build(WebApplicationBuilder builder)
    {
        var web = builder.Build();
        web.Use(web.Services.GetRequiredService<RequestLog>().Pass);
        web.UseExceptionHandler();
        web.UseEdge();
        web.Use(OrganizationRoute.Cut);
        web.UseRouting();
        web.UseEdgeOfEndpoint();
        web.Use(web.Services.GetRequiredService<Gate>().Pass);
        web.Use(web.Services.GetRequiredService<Idempotency>().Pass);
        web.Use(BodyLimit.Explain);
        web.UseEndpoints(_ => { });

        web.MapHealth();
        web.MapSetup();
        web.MapSignIn();
        web.MapMembers();
        web.MapAudit();
        web.MapRequestLog();
        web.MapAnomalies();
        web.MapInvitations();
        web.MapOrganizations();
        web.MapApiKeys();
        web.MapClientKeys();
        web.MapSigningKeys();
        web.MapServiceAccounts();
        web.MapCredentials();
        web.MapConnectors();
        web.MapEgressPolicy();
        web.MapRequestLimits();
        web.MapRetention();
        web.MapUsage();
        web.MapKillSwitches();
        web.MapKeyValues();
        web.MapGroups();
        web.MapRoles();
        web.MapFolders();
        web.MapAccess();
        web.MapWorkflows();
        web.MapRuns();
        web.MapWorkflowTests();
        web.MapTemplates();
        web.MapReviews();
        web.MapWebhookEndpoints();
        web.MapHooks();
        web.MapOpenApiDocument();
        web.MapConsole();
        web.RefuseUndeclaredAccess();
        web.RefuseUndeclaredResources();
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
