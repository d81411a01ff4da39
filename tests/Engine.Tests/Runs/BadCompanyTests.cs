using System.Diagnostics;
using System.Net;
using Fluxgate.Testing;

namespace Fluxgate.Engine.Tests.Runs;

/// <summary>Many organizations' appends share one commit; what is wrong with one of them must not be felt by the others.</summary>
public sealed class BadCompanyTests
{
    private const string Asking = """
        format: 1
        name: Asks
        trigger: { type: api }
        nodes:
          - { id: ask, type: review, settings: { title: "Go on?", content: "{{ trigger.body }}" } }
        """;

    private const string Computing = """
        format: 1
        name: Computes
        trigger: { type: api }
        nodes:
          - { id: double, type: transform, settings: { output: "{{ trigger.body * 2 }}" } }
        output: "{{ steps.double }}"
        """;

    [Fact]
    public async Task A_locked_row_delays_its_own_run_and_no_other_organizations()
    {
        var installation = await Installation.Get();
        var (slow, quick) = (await installation.NewOrganization(), await installation.NewOrganization());
        var asking = await PublishedWorkflows.Publish(slow, Asking);
        var computing = await PublishedWorkflows.Publish(quick, Computing);
        var locked = await PublishedWorkflows.Start(slow, asking, 1);

        await using (var connection = await installation.OpenDatabase())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await using (var command = connection.CreateCommand())
            {
                command.CommandText = $"select 1 from runs where id = '{Guid.Parse(locked)}' for update";
                await command.ExecuteScalarAsync();
            }
            await Approve(slow);
            // While the lock is held, a hundred runs of the other organization go through.
            await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
            {
                var watch = Stopwatch.StartNew();
                await PublishedWorkflows.Start(quick, computing, i);
                Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"A start took {watch.Elapsed}.");
            }));
            var runs = await quick.Get("/runs?status=succeeded&limit=200").Success();
            Assert.Equal(100, runs.GetProperty("items").GetArrayLength());
            Assert.Equal("waiting", (await slow.Get("/runs").Success()).GetProperty("items")[0].GetProperty("status").GetString());
            await transaction.RollbackAsync();
        }
        Assert.Equal("succeeded", (await PublishedWorkflows.Finished(slow, locked)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task What_PostgreSQL_refuses_of_one_organization_is_refused_alone_and_leaves_nothing_behind()
    {
        var installation = await Installation.Get();
        var (poisoned, sound) = (await installation.NewOrganization(), await installation.NewOrganization());
        var poisonedWorkflow = await PublishedWorkflows.Publish(poisoned, Computing);
        var soundWorkflow = await PublishedWorkflows.Publish(sound, Computing);
        var suffix = poisoned.Organization.ToString("N");
        await installation.Execute($"""
            create function refuse_{suffix}() returns trigger language plpgsql as
            'begin if new.organization_id = ''{poisoned.Organization}'' then raise check_violation; end if; return new; end';
            create trigger refuse_{suffix} before insert on run_journal for each row execute function refuse_{suffix}();
            """);
        try
        {
            var bad = Enumerable.Range(0, 10).Select(async i =>
                Assert.Equal(HttpStatusCode.ServiceUnavailable, (await poisoned.Post($"/workflows/{poisonedWorkflow}/runs", new { input = i }, ("Idempotency-Key", $"k{i}"))).StatusCode));
            var good = Enumerable.Range(0, 50).Select(i => PublishedWorkflows.Start(sound, soundWorkflow, i));
            await Task.WhenAll([.. bad, .. good]);
        }
        finally
        {
            await installation.Execute($"drop trigger refuse_{suffix} on run_journal; drop function refuse_{suffix}()");
        }
        Assert.Equal(0, (await poisoned.Get("/runs").Success()).GetProperty("items").GetArrayLength());
        Assert.Equal(50, (await sound.Get("/runs?status=succeeded&limit=200").Success()).GetProperty("items").GetArrayLength());
        // Nothing of the refused starts is in the way of the same request made again.
        await PublishedWorkflows.Start(poisoned, poisonedWorkflow, 1, "k1");
    }

    private static async Task Approve(TestMember member)
    {
        var review = (await member.Get("/reviews?state=pending").Success()).GetProperty("items")[0].GetProperty("id").GetString();
        var shown = await member.Get($"/reviews/{review}").Success();
        await member.Post($"/reviews/{review}/decisions", new { decision = "approve", content_sha256 = shown.GetProperty("content_sha256").GetString() }).Success();
    }
}
