using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Cluster;
using Fluxgate.Engine.Deliveries;
using Fluxgate.Engine.KeyValues;
using Fluxgate.Engine.Nodes;
using Fluxgate.Engine.Quotas;
using Fluxgate.Engine.Storage;
using Fluxgate.Engine.Switches;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Runs;

/// <summary>What every actor needs, once for all of them.</summary>
internal sealed record RunServices(
    Database Database, ClusterNode Node, GroupWriter Writer, RunSignals Signals, StepEffects Effects, KvReader KeyValues, AuditLog Audit, AuditSignal AuditSignal,
    DeliverySignal Deliveries, ErrorSignal ErrorStarts, RunEvents Events, AppendRoom Room, StorageGuard Storage, SwitchBoard Switches, UsageMeter Usage, WorkflowLines Lines, TimeProvider Clock, ILogger<RunHost> Log)
{
    /// <summary>The due time of a run that only a signal moves.</summary>
    public static readonly DateTimeOffset Never = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);
}
