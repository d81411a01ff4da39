using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Switches;

namespace Fluxgate.Server.Features.KillSwitches;

/// <summary>Something that the operator, or an organization for itself, has switched off. <paramref name="Name"/> is the type of node, the organization's slug, or empty.</summary>
public sealed record HeldSwitch(string Kind, string Name, string Reason, string SetBy, DateTimeOffset SetAt);

/// <summary>Switches as whoever runs the installation sees and sets them; running servers know a change within a second.</summary>
public sealed class OperatorSwitches
{
    private static readonly Actor Operator = Actor.System("operator");

    private readonly Database database;
    private readonly KillSwitchRows rows;
    private readonly TimeProvider clock;

    internal OperatorSwitches(Database database, KillSwitchRows rows, TimeProvider clock) => (this.database, this.rows, this.clock) = (database, rows, clock);

    /// <summary>The types of nodes that can be switched off: those that reach out of their run. The others compute, or wait, inside it.</summary>
    public static IReadOnlyList<string> SwitchableTypes { get; } =
        [.. NodeTypes.All.Values.Where(t => t.Behaviour is NodeBehaviour.Effect or NodeBehaviour.Call).Select(t => t.Name)];

    private sealed record Organization(OrganizationId Id, string Name);

    /// <summary>All that is off for everybody, and the organizations that are off.</summary>
    public Task<IReadOnlyList<HeldSwitch>> List(CancellationToken cancel) => database.Platform.Query<HeldSwitch>($"""
        select kind, name, reason, set_by, set_at from installation_switches
        union all
        select k.kind, o.slug, k.reason, k.set_by, k.set_at from kill_switches k join organizations o on o.id = k.organization_id where k.kind = {SwitchKind.Organization}
        order by 1, 2
        """, cancel);

    /// <summary>For everybody. <paramref name="name"/> is the type of node, or empty.</summary>
    public async Task<Result<Done>> Set(InstallationSwitchKind kind, string name, bool off, string reason, CancellationToken cancel)
    {
        if (Fault(reason) is { } invalid)
            return invalid;
        if (kind == InstallationSwitchKind.NodeType && !SwitchableTypes.Contains(name))
            return Error.Refused("switch.unknown_type", $"No node type that can be switched off; those are {string.Join(", ", SwitchableTypes)}.");
        await database.Platform.Transact(async transaction =>
        {
            await transaction.Execute($"delete from installation_switches where kind = {kind} and name = {name}", cancel);
            if (off)
                await transaction.Execute($"""
                    insert into installation_switches (kind, name, reason, set_by, set_at) values ({kind}, {name}, {reason}, {Operator.Label}, {clock.GetUtcNow()})
                    on conflict do nothing
                    """, cancel);
        }, cancel);
        return default(Done);
    }

    /// <summary>One organization as a whole; an event in its audit log. <c>organization.not_found</c> if there is none with that slug.</summary>
    public async Task<Result<Done>> SetOrganization(string slug, bool off, string reason, CancellationToken cancel)
    {
        if (Fault(reason) is { } invalid)
            return invalid;
        if (await database.Platform.QueryOptional<Organization>($"select id, name from organizations where slug = {slug}", cancel) is not { } organization)
            return Error.NotFound("organization");
        await database.Platform.Transact(transaction => rows.Set(
            transaction, new SwitchChange(organization.Id, SwitchKind.Organization, null, off, reason), Operator, new AuditResource("organization", organization.Id.Value, organization.Name), cancel), cancel);
        return default(Done);
    }

    private static Error? Fault(string reason) =>
        reason.Length is >= 1 and <= 500 && StorableText.Is(reason) ? null : Error.Refused("switch.reason", "A reason has 1–500 characters.");
}
