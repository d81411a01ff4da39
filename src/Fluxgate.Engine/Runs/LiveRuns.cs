using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Engine.Runs;

/// <summary>The actors of this process, and how many runs with how much data are each organization's.</summary>
internal sealed class LiveRuns
{
    private sealed class Held
    {
        public int Runs;
        public long Bytes;
    }

    private readonly ConcurrentDictionary<RunId, RunActor> actors = new();
    private readonly Dictionary<OrganizationId, Held> held = [];
    private readonly Lock gate = new();
    private long bytes;

    public int Count => actors.Count;

    /// <summary>Data of all of them, as <see cref="Core.Runs.RunState.DataBytes"/> counts it; as text in memory it takes about twice that.</summary>
    public long Bytes => Interlocked.Read(ref bytes);

    public bool Contains(RunId run) => actors.ContainsKey(run);

    public bool TryGet(RunId run, [NotNullWhen(true)] out RunActor? actor) => actors.TryGetValue(run, out actor);

    /// <summary>Whether the organization has that many runs, or runs with that much data.</summary>
    public bool HasAtLeast(OrganizationId organization, int runs, long data)
    {
        lock (gate)
            return held.TryGetValue(organization, out var share) && (share.Runs >= runs || share.Bytes >= data);
    }

    /// <summary>The organizations of which <see cref="HasAtLeast"/> is true.</summary>
    public IReadOnlyList<OrganizationId> WithAtLeast(int runs, long data)
    {
        lock (gate)
            return [.. held.Where(h => h.Value.Runs >= runs || h.Value.Bytes >= data).Select(h => h.Key)];
    }

    public bool TryAdd(RunActor actor)
    {
        if (!actors.TryAdd(actor.Identity.Run, actor))
            return false;
        Change(actor, +1, actor.Weight);
        return true;
    }

    /// <summary>Takes note of how much data the actor holds by now; one that is not here weighs nothing.</summary>
    public void Weigh(RunActor actor, long data)
    {
        if (!actors.TryGetValue(actor.Identity.Run, out var known) || known != actor || data == actor.Weight)
            return;
        Change(actor, 0, data - actor.Weight);
        actor.Weight = data;
    }

    /// <summary>Removes that very actor; another one of the same run stays.</summary>
    public void Remove(RunActor actor)
    {
        if (actors.TryRemove(KeyValuePair.Create(actor.Identity.Run, actor)))
            Change(actor, -1, -actor.Weight);
    }

    public void Clear()
    {
        foreach (var actor in actors.Values)
            Remove(actor);
    }

    private void Change(RunActor actor, int runs, long data)
    {
        Interlocked.Add(ref bytes, data);
        var organization = actor.Identity.Organization;
        lock (gate)
        {
            if (!held.TryGetValue(organization, out var share))
                held[organization] = share = new Held();
            share.Runs += runs;
            share.Bytes += data;
            if (share.Runs == 0)
                held.Remove(organization);
        }
    }
}
