using System.Data.Common;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Switches;

/// <summary>
/// What is switched off, as this server knows it. It is read some times a second, so to ask costs nothing; what is known
/// counts for a second from before it was read. After that whoever asks waits for a new reading: a process that was
/// stopped, or a database that was away, never lets through what was switched off meanwhile.
/// </summary>
public sealed class SwitchBoard(Database database, TimeProvider clock, ILogger<SwitchBoard> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private sealed record Row(OrganizationId? OrganizationId, string Kind, WorkflowId? WorkflowId, string Name, string Reason);

    private sealed record Known(SwitchState State, long ReadAt, IReadOnlyList<Row> OfInstallation);

    private readonly Lock gate = new();
    private volatile Known? known;
    private Task<SwitchState>? reading;

    /// <summary>What is off. Throws what the database throws if that is not known for a second and cannot be read now.</summary>
    public ValueTask<SwitchState> Get(CancellationToken cancel) =>
        known is { } current && clock.GetElapsedTime(current.ReadAt) < Fresh ? new(current.State) : new(Reading().WaitAsync(cancel));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Reading().WaitAsync(stoppingToken);
            }
            catch (Exception e) when (e is DbException or TimeoutException)
            {
                log.LogWarning("What is switched off is not known anew: {Error}", e.Message);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogError(e, "What is switched off cannot be read");
            }
            catch (Exception)
            {
                return; // stopping
            }
            await Task.Delay(Interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The one reading that is under way, for all who wait for it.</summary>
    private Task<SwitchState> Reading()
    {
        lock (gate)
            return reading is { IsCompleted: false } ? reading : reading = Task.Run(Read);
    }

    private async Task<SwitchState> Read()
    {
        var readAt = clock.GetTimestamp();
        var rows = await database.Platform.Query<Row>($"""
            select organization_id, kind, workflow_id, '' as name, '' as reason from kill_switches
            union all
            select null, kind, null, name, reason from installation_switches
            """, CancellationToken.None);
        var installation = rows.Where(r => r.OrganizationId is null).ToList();
        Tell(known?.OfInstallation ?? [], installation);
        var state = State(installation, [.. rows.Where(r => r.OrganizationId is not null)]);
        known = new Known(state, readAt, installation);
        return state;
    }

    private static SwitchState State(List<Row> installation, List<Row> organizations) => new()
    {
        Entrances = installation.Where(r => r.Kind != NodeType).Select(r => SnakeCase.Parse<Entrance>(r.Kind)).ToHashSet(),
        NodeTypes = installation.Where(r => r.Kind == NodeType).Select(r => r.Name).ToHashSet(StringComparer.Ordinal),
        Organizations = organizations.Where(r => r.Kind == Of(SwitchKind.Organization)).Select(r => r.OrganizationId!.Value).ToHashSet(),
        EntrancesOfOrganizations = organizations.Where(r => r.Kind == Of(SwitchKind.Api) || r.Kind == Of(SwitchKind.Hooks)).Select(r => (r.OrganizationId!.Value, SnakeCase.Parse<Entrance>(r.Kind))).ToHashSet(),
        Workflows = organizations.Where(r => r.WorkflowId is not null).Select(r => (r.OrganizationId!.Value, r.WorkflowId!.Value)).ToHashSet(),
    };

    /// <summary>What holds for everybody is in no organization's audit log, so each server's log says it.</summary>
    private void Tell(IReadOnlyList<Row> before, IReadOnlyList<Row> now)
    {
        foreach (var off in now.Except(before))
            log.LogWarning("Switched off for everybody: {Kind} {Name}: {Reason}", off.Kind, off.Name, off.Reason);
        foreach (var lifted in before.ExceptBy(now.Select(r => (r.Kind, r.Name)), r => (r.Kind, r.Name)))
            log.LogWarning("No longer switched off for everybody: {Kind} {Name}", lifted.Kind, lifted.Name);
    }

    private static string NodeType => SnakeCase.From(InstallationSwitchKind.NodeType);

    private static string Of(SwitchKind kind) => SnakeCase.From(kind);
}
