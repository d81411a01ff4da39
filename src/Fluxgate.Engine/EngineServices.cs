using Fluxgate.Engine.Anomalies;
using Fluxgate.Engine.Cluster;
using Fluxgate.Engine.Connections;
using Fluxgate.Engine.Deliveries;
using Fluxgate.Engine.KeyValues;
using Fluxgate.Engine.Nodes;
using Fluxgate.Engine.Nodes.Code;
using Fluxgate.Engine.Partitions;
using Fluxgate.Engine.Polls;
using Fluxgate.Engine.Quotas;
using Fluxgate.Engine.Retention;
using Fluxgate.Engine.Runs;
using Fluxgate.Engine.Storage;
using Fluxgate.Engine.Switches;
using Fluxgate.Engine.Triggers;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine;

public static class EngineServices
{
    /// <summary>The engine: runs, their outside effects, schedules, deliveries. Needs the database, vault, audit and egress to be there.</summary>
    public static void AddEngine(this IServiceCollection services, EngineOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<ClusterNode>().AddSingleton<WorkflowCatalog>().AddSingleton<RunSignals>().AddSingleton<RunEvents>().AddSingleton<DeliverySignal>().AddSingleton<ErrorSignal>().AddSingleton<RunLoader>();
        services.AddSingleton<CallPlaces>().AddSingleton<HttpStep>().AddSingleton<GraphqlStep>().AddSingleton<ServerCalls>().AddSingleton<DatabaseStep>().AddSingleton<EmailStep>().AddSingleton<KvStep>().AddSingleton<CodeSandbox>().AddSingleton<CodeStep>().AddSingleton<StepEffects>();
        services.AddSingleton<WorkflowLines>().AddSingleton<GroupWriter>().AddSingleton<AppendRoom>();
        services.AddSingleton(provider => new RunHost(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<KeyVault>(), provider.GetRequiredService<WorkflowCatalog>(), options,
            new RunServices(
                provider.GetRequiredService<Database>(), provider.GetRequiredService<ClusterNode>(), provider.GetRequiredService<GroupWriter>(), provider.GetRequiredService<RunSignals>(),
                provider.GetRequiredService<StepEffects>(), provider.GetRequiredService<KvReader>(), provider.GetRequiredService<AuditLog>(), provider.GetRequiredService<AuditSignal>(),
                provider.GetRequiredService<DeliverySignal>(), provider.GetRequiredService<ErrorSignal>(), provider.GetRequiredService<RunEvents>(), provider.GetRequiredService<AppendRoom>(), provider.GetRequiredService<StorageGuard>(), provider.GetRequiredService<SwitchBoard>(), provider.GetRequiredService<UsageMeter>(), provider.GetRequiredService<WorkflowLines>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RunHost>>())));
        services.AddSingleton<StorageGuard>().AddHostedService(provider => provider.GetRequiredService<StorageGuard>());
        services.AddSingleton<SwitchBoard>().AddHostedService(provider => provider.GetRequiredService<SwitchBoard>());
        // What others note as they stop is still written.
        services.AddSingleton<ActivityMeter>().AddHostedService(provider => provider.GetRequiredService<ActivityMeter>());
        services.AddSingleton<AnomalyAlerts>().AddSingleton<AnomalyDetector>().AddHostedService(provider => provider.GetRequiredService<AnomalyDetector>());
        services.AddSingleton<QuotaRoom>().AddSingleton<UsageMeter>();
        // It counts what the writer writes, so it stops after that.
        services.AddHostedService(provider => provider.GetRequiredService<UsageMeter>());
        // The writer starts first and stops last: the others' last words go through it.
        services.AddHostedService(provider => provider.GetRequiredService<GroupWriter>());
        services.AddHostedService<WorkPoller>();
        services.AddHostedService<DeliveryDispatcher>();
        services.AddHostedService<ErrorStarts>();
        services.AddSingleton<ScheduledStarts>().AddHostedService<ScheduleClock>();
        services.AddSingleton<FeedSource>().AddSingleton<MailboxSource>().AddSingleton<PollTurn>().AddHostedService<PollClock>();
        services.AddHostedService<KvSweeper>();
        services.AddSingleton<RunPruning>().AddHostedService<RetentionSweeper>();
        services.AddSingleton<PartitionKeeper>().AddHostedService(provider => provider.GetRequiredService<PartitionKeeper>());
    }
}
