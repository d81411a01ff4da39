using System.Data.Common;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Sealing;
using Fluxgate.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fluxgate.Engine.Tests.Sealing;

public sealed class SealingTests
{
    private const int Writers = 4;
    private const int EventsOfAWriter = 150;

    /// <summary>
    /// Sealers that ignore the lock, as a node cut off from it would, cancelled mid-way, while the database ends their
    /// connections and the installation's own sealer works too: every event is sealed once, without a fork or a gap.
    /// </summary>
    [Fact]
    public async Task FK09_Many_writers_and_sealers_that_die_mid_way_leave_one_unbroken_log_each()
    {
        // An installation of its own: sessions are ended under it.
        await using var installation = await TestInstallation.Start();
        var database = installation.Services.GetRequiredService<Database>();
        var organizations = new List<OrganizationId>();
        for (var i = 0; i < 3; i++)
            organizations.Add(new OrganizationId((await installation.NewOrganization()).Organization));

        using var written = new CancellationTokenSource();
        var sealers = Enumerable.Range(0, 2).Select(seed => SealAndDie(database, seed, written.Token)).ToArray();
        var killer = KillConnections(installation, written.Token);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Write(installation, database, organizations)));
        await written.CancelAsync();
        var deaths = (await Task.WhenAll(sealers)).Sum();
        await killer;
        Assert.True(deaths > 0, "No sealer died; the test proves nothing.");

        foreach (var organization in organizations)
        {
            await Condition.Holds(async () => await installation.Scalar<long>("select count(*) from audit_queue where organization_id = $1", organization.Value) == 0, "every event is sealed");
            var log = await installation.Services.GetRequiredService<AuditVerifier>().VerifyAll(organization, CancellationToken.None);
            Assert.Null(log.FirstFailure);
            Assert.True(log.Valid);
            Assert.Equal(log.Events, log.Sealed);
            Assert.True(log.Sealed >= Writers * EventsOfAWriter);
        }
    }

    [Fact]
    public async Task One_sealer_works_and_the_next_takes_over_when_its_session_ends()
    {
        // An installation of its own: sessions are ended under it.
        await using var installation = await TestInstallation.Start();
        var database = installation.Services.GetRequiredService<Database>();
        using var signal = new AuditSignal();
        using var second = new AuditSealer(database, signal, TimeProvider.System, NullLogger<AuditSealer>.Instance);
        await second.StartAsync(CancellationToken.None);
        await Condition.Holds(async () => await Holders(installation) == 1, "one sealer holds the lock");
        var first = await Holder(installation);
        await installation.Execute("select pg_terminate_backend($1)", first);
        await Condition.Holds(async () => await Holders(installation) == 1 && await Holder(installation) != first, "another session holds the lock");

        var organization = new OrganizationId((await installation.NewOrganization()).Organization);
        await Append(installation, database, organization);
        await Condition.Holds(async () => await installation.Scalar<long>("select count(*) from audit_queue where organization_id = $1", organization.Value) == 0, "sealing goes on");
        await second.StopAsync(CancellationToken.None);
    }

    private static Task<long> Holders(TestInstallation installation) =>
        installation.Scalar<long>("select count(*) from pg_locks where locktype = 'advisory' and granted and ((classid::bigint << 32) | objid::bigint) = $1", (long)SessionLockName.AuditSealer);

    private static Task<int> Holder(TestInstallation installation) =>
        installation.Scalar<int>("select coalesce(max(pid), 0) from pg_locks where locktype = 'advisory' and granted and ((classid::bigint << 32) | objid::bigint) = $1", (long)SessionLockName.AuditSealer);

    /// <summary>How often it was cut down; a batch of it lives a few milliseconds at most.</summary>
    private static async Task<int> SealAndDie(Database database, int seed, CancellationToken stop)
    {
        var moments = new Random(seed);
        var batch = new SealingBatch(database, TimeProvider.System);
        var deaths = 0;
        while (!stop.IsCancellationRequested)
        {
            using var death = new CancellationTokenSource(TimeSpan.FromMilliseconds(moments.Next(1, 12)));
            try
            {
                await batch.Seal(death.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or DbException or IOException or ObjectDisposedException or InvalidOperationException)
            {
                deaths++;
            }
        }
        return deaths;
    }

    /// <summary>Ends the engine's sessions, so that some die between their statements and at their commit.</summary>
    private static async Task KillConnections(TestInstallation installation, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await installation.Execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'fluxgate_engine'");
            await Task.Delay(20, CancellationToken.None);
        }
    }

    private static async Task Write(TestInstallation installation, Database database, List<OrganizationId> organizations)
    {
        for (var i = 0; i < EventsOfAWriter; i++)
            foreach (var organization in organizations)
                await Append(installation, database, organization);
    }

    private static Task Append(TestInstallation installation, Database database, OrganizationId organization)
    {
        var log = installation.Services.GetRequiredService<AuditLog>();
        var entry = new AuditEntry("test.happened", "create", Actor.System("test"), new AuditResource("test", null, null));
        return database.Tenant(organization, null).Transact(transaction => log.Append(transaction, organization, entry, CancellationToken.None), CancellationToken.None);
    }
}
