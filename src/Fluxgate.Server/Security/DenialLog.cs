using System.Text.Json.Nodes;
using System.Threading.Channels;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Server.Security;

/// <summary>
/// Records who was refused what, behind the answer, so that time does not tell. The same refusal of the same caller is one
/// event a minute; the next one says how many there were between. An attempt on another organization goes into the
/// caller's own log, whether or not the named one exists, since a log that told would be the oracle that the answer is
/// not; the operator's log names it if it does.
/// </summary>
internal sealed class DenialLog(Database database, AuditLog audit, TimeProvider clock, ILogger<DenialLog> log) : BackgroundService
{
    private const string CrossTenant = "access.cross_tenant";

    private readonly Channel<Denial> denials = Channel.CreateBounded<Denial>(new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly OnceAMinute<(OrganizationId?, Guid?, string, string?, string?)> recent = new(clock);

    private sealed record Denial(Actor Actor, OrganizationId? Organization, UserId? User, string Type, AuditResource Resource, string? Reason);

    /// <summary>A key's attempt on a route of another organization; returns at once.</summary>
    public void NoteCrossTenant(Actor key, OrganizationId organization, OrganizationRoute route) =>
        denials.Writer.TryWrite(new Denial(key, organization, null, CrossTenant, new AuditResource("organization", null, Short(route)), null));

    /// <summary>A person's attempt, for each organization of theirs; returns at once.</summary>
    public void NoteCrossTenant(PersonCaller person, OrganizationRoute route) =>
        denials.Writer.TryWrite(new Denial(person.Actor, null, person.User, CrossTenant, new AuditResource("organization", null, Short(route)), null));

    /// <summary>A refusal within an organization, for <paramref name="reason"/>, a stable code; returns at once.</summary>
    public void Note(Actor actor, OrganizationId organization, string type, AuditResource resource, string reason) =>
        denials.Writer.TryWrite(new Denial(actor, organization, null, type, resource, reason));

    /// <summary>A refusal outside of any organization, for each organization of the person's; returns at once.</summary>
    public void Note(PersonCaller person, string type, AuditResource resource, string reason) =>
        denials.Writer.TryWrite(new Denial(person.Actor, null, person.User, type, resource, reason));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var denial in denials.Reader.ReadAllAsync(CancellationToken.None))
        {
            try
            {
                if (recent.IsNew((denial.Organization, denial.Actor.Id, denial.Type, denial.Resource.Name, denial.Reason), out var again))
                    await Record(denial, again, CancellationToken.None);
            }
            catch (Exception e)
            {
                // Whatever it is: what leaves this loop stops the server.
                log.LogError(e, "A refusal could not be recorded");
            }
        }
    }

    /// <summary>Takes no more and lets what waits be written.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        denials.Writer.TryComplete();
        if (ExecuteTask is { } writing)
            await writing.WaitAsync(cancellationToken);
        await base.StopAsync(cancellationToken);
    }

    private async Task Record(Denial denial, int again, CancellationToken cancel)
    {
        var details = new JsonObject { ["more_since_last"] = again };
        if (denial.Reason is { } reason)
            details["reason"] = reason;
        await database.Platform.Transact(async transaction =>
        {
            IReadOnlyList<OrganizationId> own = denial.Organization is { } organization
                ? [organization]
                : await transaction.Query<OrganizationId>($"select organization_id from members where user_id = {denial.User} order by organization_id limit 100", cancel);
            foreach (var target in own)
                await audit.Append(transaction, target, new AuditEntry(denial.Type, "deny", denial.Actor, denial.Resource) { Result = "denied", Details = details }, cancel);
        }, cancel);
        if (denial.Type == CrossTenant)
            await TellOperator(denial.Actor, denial.Resource.Name!, cancel);
    }

    private async Task TellOperator(Actor actor, string named, CancellationToken cancel)
    {
        var id = Guid.TryParseExact(named, "D", out var parsed) ? parsed : (Guid?)null;
        if (await database.Platform.QueryOne<bool>($"select exists (select from organizations where id = {id} or slug = {named})", cancel))
            log.LogWarning("{Kind} {Actor} tried a route of another organization: {Organization}", actor.Kind, actor.Id, named);
    }

    private static string Short(OrganizationRoute route) => StorableText.Cut(route.Name, 63);
}
