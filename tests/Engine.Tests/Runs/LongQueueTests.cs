using System.Diagnostics;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Data.Vault;
using Fluxgate.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;
using Xunit.Abstractions;

namespace Fluxgate.Engine.Tests.Runs;

/// <summary>F816, abuse 18: one organization's queue, however long, costs the others no second. Alone on the machine: it is their time that is measured.</summary>
[CollectionDefinition(nameof(LongQueueTests), DisableParallelization = true)]
[Collection(nameof(LongQueueTests))]
public sealed class LongQueueTests(ITestOutputHelper output)
{
    private const int Queued = 1_000_000;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private const string Quick = """
        format: 1
        name: Quick
        trigger: { type: api }
        nodes: [{ id: double, type: transform, settings: { output: "{{ trigger.body * 2 }}" } }]
        """;

    [Fact]
    public async Task F816_A_million_queued_runs_of_one_organization_delay_another_by_no_more_than_a_second()
    {
        await using var installation = await TestInstallation.Start();
        var (busy, other) = (await installation.NewOrganization(), await installation.NewOrganization());
        var (busyWorkflow, otherWorkflow) = (await PublishedWorkflows.Publish(busy, Quick), await PublishedWorkflows.Publish(other, Quick));
        await Queue(installation, busy, busyWorkflow, Queued);
        // Not the filling is measured, which no server does at once.
        await installation.Execute("checkpoint");

        // What others start now, and what of theirs is queued behind all of it.
        var slowest = TimeSpan.Zero;
        for (var i = 0; i < 20; i++)
        {
            var watch = Stopwatch.StartNew();
            await PublishedWorkflows.Finished(other, await PublishedWorkflows.Start(other, otherWorkflow, i));
            slowest = slowest > watch.Elapsed ? slowest : watch.Elapsed;
        }
        var queuedFor = TimeSpan.Zero;
        for (var i = 0; i < 5; i++)
        {
            await Queue(installation, other, otherWorkflow, 20);
            var watch = Stopwatch.StartNew();
            await Condition.Holds(async () => await Left(installation, other) == 0, "the other's queue is done");
            queuedFor = queuedFor > watch.Elapsed ? queuedFor : watch.Elapsed;
        }
        var left = await Left(installation, busy);
        output.WriteLine($"A run of the other organization took {slowest.TotalMilliseconds:0} ms at most, twenty queued ones {queuedFor.TotalMilliseconds:0} ms; {Queued - left} of the long queue were done meanwhile.");
        Assert.True(slowest < Longest, $"{slowest}");
        Assert.True(queuedFor < Longest, $"{queuedFor}");
        // The long queue was there all the time, and went on.
        Assert.InRange(left, Queued / 2, Queued - 100);
    }

    private static Task<long> Left(TestInstallation installation, TestMember member) =>
        installation.Scalar<long>("select count(*) from run_work where organization_id = $1", member.Organization);

    /// <summary>Runs as a server leaves them that accepts them and has no place.</summary>
    private static async Task Queue(TestInstallation installation, TestMember member, string workflow, int runs)
    {
        var organization = new OrganizationId(member.Organization);
        var cipher = await installation.Services.GetRequiredService<KeyVault>().For(organization, CancellationToken.None);
        var now = DateTimeOffset.UtcNow;
        var trigger = CelValue.Map(("type", CelValue.From("api")), ("body", CelValue.From(21L)));
        var events = RunJournal.Write([new RunStarted(now, "api", trigger) { Deadline = now.AddDays(1) }]);
        var ids = Enumerable.Range(0, runs).Select(_ => Uuid.New(TimeProvider.System)).ToArray();
        await using var connection = await installation.OpenDatabase();
        // Work comes last: until then nobody looks for them.
        await Copy(connection, "runs (organization_id, id, workflow_id, workflow_version, status, trigger_type, started_at, append_no)", ids, async (row, id) =>
        {
            await row.WriteAsync(organization.Value, NpgsqlDbType.Uuid);
            await row.WriteAsync(id, NpgsqlDbType.Uuid);
            await row.WriteAsync(Guid.Parse(workflow), NpgsqlDbType.Uuid);
            await row.WriteAsync(1, NpgsqlDbType.Integer);
            await row.WriteAsync("queued", NpgsqlDbType.Text);
            await row.WriteAsync("api", NpgsqlDbType.Text);
            await row.WriteAsync(now, NpgsqlDbType.TimestampTz);
            await row.WriteAsync(1, NpgsqlDbType.Integer);
        });
        await Copy(connection, "run_journal (organization_id, run_id, append_no, append_id, format, events, written_at)", ids, async (row, id) =>
        {
            await row.WriteAsync(organization.Value, NpgsqlDbType.Uuid);
            await row.WriteAsync(id, NpgsqlDbType.Uuid);
            await row.WriteAsync(1, NpgsqlDbType.Integer);
            await row.WriteAsync(id, NpgsqlDbType.Uuid);
            await row.WriteAsync(RunJournal.Format, NpgsqlDbType.Integer);
            await row.WriteAsync(cipher.Seal(SealedField.RunJournal, id, events), NpgsqlDbType.Bytea);
            await row.WriteAsync(now, NpgsqlDbType.TimestampTz);
        });
        await Copy(connection, "run_work (organization_id, run_id, due_at)", ids, async (row, id) =>
        {
            await row.WriteAsync(organization.Value, NpgsqlDbType.Uuid);
            await row.WriteAsync(id, NpgsqlDbType.Uuid);
            await row.WriteAsync(now, NpgsqlDbType.TimestampTz);
        });
    }

    private static async Task Copy(NpgsqlConnection connection, string columns, Guid[] ids, Func<NpgsqlBinaryImporter, Guid, Task> write)
    {
        await using var importer = await connection.BeginBinaryImportAsync($"copy {columns} from stdin (format binary)");
        foreach (var id in ids)
        {
            await importer.StartRowAsync();
            await write(importer, id);
        }
        await importer.CompleteAsync();
    }
}
