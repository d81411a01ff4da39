using System.Threading.Channels;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Server.Security;

/// <summary>
/// Records attempts on a route of an organization that is not the caller's: in the caller's own audit log, whether or
/// not the named one exists, since a log that told would be the oracle that the answer is not; and for the operator if
/// it does. All behind the answer, so that time does not tell either.
/// </summary>
internal sealed class CrossTenantLog(Database database, AuditLog audit, TimeProvider clock, ILogger<CrossTenantLog> log) : BackgroundService
{
    private readonly Channel<Attempt> attempts = Channel.CreateBounded<Attempt>(new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly OnceAMinute<(Guid?, string)> recent = new(clock);

    private sealed record Attempt(Actor Actor, OrganizationId? Organization, UserId? User, string Named);

    /// <summary>A key's attempt; returns at once.</summary>
    public void Note(Actor key, OrganizationId organization, OrganizationRoute route) => attempts.Writer.TryWrite(new Attempt(key, organization, null, Short(route)));

    /// <summary>A person's attempt, for each organization of theirs; returns at once.</summary>
    public void Note(PersonCaller person, OrganizationRoute route) => attempts.Writer.TryWrite(new Attempt(person.Actor, null, person.User, Short(route)));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var attempt in attempts.Reader.ReadAllAsync(CancellationToken.None))
        {
            try
            {
                if (recent.IsNew((attempt.Actor.Id, attempt.Named)))
                    await Record(attempt, CancellationToken.None);
            }
            catch (Exception e)
            {
                // Whatever it is: what leaves this loop stops the server.
                log.LogError(e, "An attempt on another organization could not be recorded");
            }
        }
    }

    /// <summary>Takes no more and lets what waits be written.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        attempts.Writer.TryComplete();
        if (ExecuteTask is { } writing)
            await writing.WaitAsync(cancellationToken);
        await base.StopAsync(cancellationToken);
    }

    private async Task Record(Attempt attempt, CancellationToken cancel)
    {
        await database.Platform.Transact(async transaction =>
        {
            IReadOnlyList<OrganizationId> own = attempt.Organization is { } organization
                ? [organization]
                : await transaction.Query<OrganizationId>($"select organization_id from members where user_id = {attempt.User} order by organization_id limit 100", cancel);
            foreach (var target in own)
                await audit.Append(
                    transaction, target, new AuditEntry("access.cross_tenant", "deny", attempt.Actor, new AuditResource("organization", null, attempt.Named)) { Result = "denied" }, cancel);
        }, cancel);
        var named = Guid.TryParseExact(attempt.Named, "D", out var id) ? id : (Guid?)null;
        if (await database.Platform.QueryOne<bool>($"select exists (select from organizations where id = {named} or slug = {attempt.Named})", cancel))
            log.LogWarning("{Kind} {Actor} tried a route of another organization: {Organization}", attempt.Actor.Kind, attempt.Actor.Id, attempt.Named);
    }

    private static string Short(OrganizationRoute route) => StorableText.Cut(route.Name, 63);
}
