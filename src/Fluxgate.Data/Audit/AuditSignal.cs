using Fluxgate.Core.Kernel;

namespace Fluxgate.Data.Audit;

/// <summary>Wakes this process's sealer: there are events to seal.</summary>
public sealed class AuditSignal : Wakeup;
