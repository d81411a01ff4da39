using Fluxgate.Testing;
using Npgsql;

namespace Fluxgate.Engine.Tests.Runs;

/// <summary>FX04, F816: an entry of the key-value store that somebody holds on to, and trouble with the connection of who waits for it.</summary>
public sealed class HeldEntryTests
{
    private const string Counting = """
        format: 1
        name: Counts
        trigger: { type: api }
        nodes: [{ id: counted, type: kv, timeout: 60s, settings: { action: increment, scope: organization, key: count } }]
        output: "{{ steps.counted.value }}"
        """;

    [Fact]
    public async Task F816_However_many_wait_for_an_entry_those_of_others_are_written_meanwhile()
    {
        var installation = await Installation.Get();
        var (busy, other) = (await installation.NewOrganization(), await installation.NewOrganization());
        var (busyWorkflow, otherWorkflow) = (await PublishedWorkflows.Publish(busy, Counting), await PublishedWorkflows.Publish(other, Counting));
        await PublishedWorkflows.Finished(busy, await PublishedWorkflows.Start(busy, busyWorkflow, null));
        string[] waiting;
        await using (var holder = await Held.Open(busy))
        {
            // More than a node has connections to PostgreSQL.
            waiting = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => PublishedWorkflows.Start(busy, busyWorkflow, null)));
            await Condition.Holds(async () => (await holder.Waiting()).Count > 0, "they wait for the entry");
            for (var n = 1; n <= 5; n++)
            {
                var run = await PublishedWorkflows.Finished(other, await PublishedWorkflows.Start(other, otherWorkflow, null));
                Assert.Equal(n, run.GetProperty("output").GetInt32());
            }
        }
        foreach (var run in waiting)
            Assert.Equal("succeeded", (await PublishedWorkflows.Finished(busy, run)).GetProperty("status").GetString());
        Assert.Equal(41, (await busy.Get("/kv/organization/count").Success()).GetProperty("value").GetInt32());
    }

    [Fact]
    public async Task FX04_A_connection_to_PostgreSQL_that_breaks_under_a_step_is_no_failure_of_the_step()
    {
        var installation = await Installation.Get();
        var member = await installation.NewOrganization();
        var workflow = await PublishedWorkflows.Publish(member, Counting);
        await PublishedWorkflows.Finished(member, await PublishedWorkflows.Start(member, workflow, null));
        string run;
        await using (var holder = await Held.Open(member))
        {
            run = await PublishedWorkflows.Start(member, workflow, null);
            for (var broken = 0; broken < 2; broken++)
            {
                IReadOnlyList<int> waiting = [];
                await Condition.Holds(async () => (waiting = await holder.Waiting()).Count > 0, "the step waits for the entry");
                await holder.Break(waiting);
            }
        }
        var finished = await PublishedWorkflows.Finished(member, run);
        Assert.Equal("succeeded", finished.GetProperty("status").GetString());
        Assert.Equal(2, finished.GetProperty("output").GetInt32());
    }

    /// <summary>The counter of an organization, locked in PostgreSQL.</summary>
    private sealed class Held(NpgsqlConnection connection, NpgsqlConnection watch, NpgsqlTransaction transaction) : IAsyncDisposable
    {
        public static async Task<Held> Open(TestMember member)
        {
            var installation = await Installation.Get();
            var connection = await installation.OpenDatabase();
            var transaction = await connection.BeginTransactionAsync();
            await using var command = new NpgsqlCommand("select id from kv_entries where organization_id = $1 for update", connection) { Parameters = { new() { Value = member.Organization } } };
            Assert.NotNull(await command.ExecuteScalarAsync());
            return new Held(connection, await installation.OpenDatabase(), transaction);
        }

        /// <summary>The processes of PostgreSQL that wait for the entry.</summary>
        public async Task<IReadOnlyList<int>> Waiting()
        {
            await using var command = new NpgsqlCommand("select pid from pg_stat_activity where $1 = any (pg_blocking_pids(pid))", watch) { Parameters = { new() { Value = connection.ProcessID } } };
            await using var reader = await command.ExecuteReaderAsync();
            var waiting = new List<int>();
            while (await reader.ReadAsync())
                waiting.Add(reader.GetInt32(0));
            return waiting;
        }

        public async Task Break(IReadOnlyList<int> processes)
        {
            await using var command = new NpgsqlCommand("select pg_terminate_backend(pid, 5000) from unnest($1) pid", watch) { Parameters = { new() { Value = processes.ToArray() } } };
            await command.ExecuteNonQueryAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await transaction.RollbackAsync();
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
            await watch.DisposeAsync();
        }
    }
}
