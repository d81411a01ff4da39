using System.Threading.Channels;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.SignIn;

/// <summary>
/// Records sign-ins and their ends in each organization that the person belongs to. Failures are recorded behind the answer: the time
/// that it takes would tell known addresses from unknown ones.
/// </summary>
internal sealed class SignInLog(Database database, AuditLog audit, ILogger<SignInLog> log) : BackgroundService
{
    private readonly Channel<Failure> failures = Channel.CreateBounded<Failure>(new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private sealed record Failure(UserId User, string Email, string? Network);

    public Task Succeeded(UserId user, string email, string? network, CancellationToken cancel) =>
        Record(user, email, network, "sign_in.succeeded", "sign_in", "success", cancel);

    /// <summary>A session that a person ended: by signing out, or another one of theirs.</summary>
    public Task Ended(PersonCaller caller, CancellationToken cancel) =>
        Record(caller.User, caller.Email, caller.Actor.Network, "session.ended", "sign_out", "success", cancel);

    /// <summary>Returns at once. Beyond a thousand waiting ones a failure is not recorded: it is a flood by then.</summary>
    public void Failed(UserId user, string email, string? network) => failures.Writer.TryWrite(new Failure(user, email, network));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var failure in failures.Reader.ReadAllAsync(CancellationToken.None))
        {
            try
            {
                await Record(failure.User, failure.Email, failure.Network, "sign_in.failed", "sign_in", "denied", CancellationToken.None);
            }
            catch (Exception e)
            {
                // Whatever it is: what leaves this loop stops the server.
                log.LogError(e, "A failed sign-in could not be recorded");
            }
        }
    }

    /// <summary>Takes no more and lets what waits be written.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        failures.Writer.TryComplete();
        if (ExecuteTask is { } writing)
            await writing.WaitAsync(cancellationToken);
        await base.StopAsync(cancellationToken);
    }

    private Task Record(UserId user, string email, string? network, string type, string action, string result, CancellationToken cancel) =>
        database.Platform.Transact(async transaction =>
        {
            var actor = new Actor(ActorKind.User, user.Value, email) { Network = network };
            var organizations = await transaction.Query<OrganizationId>($"select organization_id from members where user_id = {user} order by organization_id limit 100", cancel);
            foreach (var organization in organizations)
                await audit.Append(transaction, organization, new AuditEntry(type, action, actor, new AuditResource("user", user.Value, email)) { Result = result }, cancel);
        }, cancel);
}
