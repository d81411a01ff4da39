using System.Security.Cryptography;
using System.Text;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Core.Workflows;
using Fluxgate.Engine.Runs;
using Fluxgate.Server.Features.Workflows;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Runs;

public enum RetryVersion
{
    /// <summary>The version that the run had.</summary>
    Same,

    /// <summary>The version that is published now.</summary>
    Latest,
}

/// <summary>Starts runs that take up others.</summary>
internal sealed class RunRetries(RunReader reader, WorkflowStore workflows, WorkflowCatalog catalog, RunHost runs, TimeProvider clock)
{
    /// <summary>The new run. <paramref name="key"/> makes a repeat find it.</summary>
    public async Task<Result<StartedRun>> Start(OrganizationCaller caller, RunId id, string? from, RetryVersion which, string key, CancellationToken cancel)
    {
        var read = await reader.Read(caller, id, cancel);
        if (read.Error is { } unreadable)
            return unreadable;
        var (summary, ended, _) = read.Value;
        if (await workflows.Find(caller, summary.WorkflowId, cancel) is not { State: WorkflowState.Published, PublishedVersion: { } published })
            return Error.Conflict("workflow.not_published", "Only runs of a published workflow are taken up again.");
        var version = which == RetryVersion.Latest ? published : summary.WorkflowVersion;
        var workflow = await catalog.Get(caller.Organization, summary.WorkflowId, version, cancel);
        if (workflow.Error is { } gone)
            return gone;
        var kept = Retaking.Keep(ended, id, workflow.Value, from, clock.GetUtcNow());
        if (kept.Error is { } refused)
            return refused;
        return await runs.Start(
            new RunStart(caller.Organization, summary.WorkflowId, version, summary.WorkflowName, summary.TriggerType, ended.Trigger, caller.Actor)
            {
                Retry = (id, kept.Value),
                HandlesError = ended.HandlesError,
                Receipt = new TriggerReceipt($"retry:{key}", SHA256.HashData(Encoding.UTF8.GetBytes($"{id} {from} {which}"))),
            }, cancel);
    }
}
