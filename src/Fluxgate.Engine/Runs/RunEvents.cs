using Fluxgate.Core.Kernel;

namespace Fluxgate.Engine.Runs;

/// <summary>Tells this process's readers of runs at once that a journal has grown. They also poll: runs live on other nodes too.</summary>
public sealed class RunEvents
{
    /// <summary>Called on the run's own way, after the append is durable: whoever listens takes note and returns.</summary>
    public event Action<OrganizationId, RunId>? Appended;

    internal void Raise(OrganizationId organization, RunId run) => Appended?.Invoke(organization, run);
}
