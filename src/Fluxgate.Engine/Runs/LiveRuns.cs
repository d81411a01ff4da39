using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Engine.Runs;

/// <summary>The actors of this process, and how many of them are each organization's.</summary>
internal sealed class LiveRuns
{
    private readonly ConcurrentDictionary<RunId, RunActor> actors = new();
    private readonly ConcurrentDictionary<OrganizationId, int> counts = new();

    public int Count => actors.Count;

    public bool Contains(RunId run) => actors.ContainsKey(run);

    public bool TryGet(RunId run, [NotNullWhen(true)] out RunActor? actor) => actors.TryGetValue(run, out actor);

    public int CountOf(OrganizationId organization) => counts.GetValueOrDefault(organization);

    /// <summary>Organizations with at least that many.</summary>
    public IReadOnlyList<OrganizationId> WithAtLeast(int number) => [.. counts.Where(c => c.Value >= number).Select(c => c.Key)];

    public bool TryAdd(RunActor actor)
    {
        if (!actors.TryAdd(actor.Identity.Run, actor))
            return false;
        counts.AddOrUpdate(actor.Identity.Organization, 1, (_, count) => count + 1);
        return true;
    }

    /// <summary>Removes that very actor; another one of the same run stays.</summary>
    public void Remove(RunActor actor)
    {
        if (!actors.TryRemove(KeyValuePair.Create(actor.Identity.Run, actor)))
            return;
        var organization = actor.Identity.Organization;
        if (counts.AddOrUpdate(organization, 0, (_, count) => count - 1) <= 0)
            counts.TryRemove(KeyValuePair.Create(organization, 0));
    }

    public void Clear()
    {
        foreach (var actor in actors.Values)
            Remove(actor);
    }
}
