using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Fluxgate.Client;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Data.Embedded;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Runs;
using Fluxgate.Server;
using Fluxgate.Server.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Fluxgate.Bench;

/// <summary>
/// Runs of three steps, started in the process without HTTP and durable when they are counted; and beside them PostgreSQL
/// taking the same rows, made before, in batches of the same size from as many connections as the engine writes with. In
/// both the server seals the audit meanwhile.
/// </summary>
internal static class EngineRate
{
    private const int AtOnce = 256;
    private const int Lanes = 2;
    private const int Rounds = 5;
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5);

    private const string Document = """
        format: 1
        name: Three
        trigger: { type: api }
        nodes:
          - { id: one, type: transform, settings: { output: { doubled: "{{ trigger.body.n * 2 }}" } } }
          - { id: two, type: condition, settings: { when: "{{ steps.one.doubled > 5 }}" } }
          - { id: three, type: transform, settings: { output: { greeting: "hello {{ trigger.body.name }}" } } }
        edges: [{ from: one, to: two }, { from: two, port: "true", to: three }]
        output: "{{ steps.three }}"
        """;

    private sealed record Made(int Format, byte[] Events, Guid WorkflowId, string Status, string TriggerType);

    private sealed record Told(
        string Type, string Action, string Result, string ActorKind, string ActorLabel, string ResourceKind, string? ResourceName, byte[] Content, byte[] Salt);

    public static async Task<object> Measure()
    {
        var directory = Directory.CreateTempSubdirectory("fluxgate-bench-").FullName;
        try
        {
            return await Measure(directory);
        }
        finally
        {
            await EmbeddedCluster.Delete(directory, CancellationToken.None);
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<object> Measure(string directory)
    {
        var key = OperatorTools.NewApiKey();
        await using var server = await FluxgateApplication.Start(FluxgateConfiguration.Load(null, new Dictionary<string, string?>
        {
            ["profile"] = "development",
            ["data_directory"] = directory,
            ["listen"] = "http://127.0.0.1:0",
            ["bootstrap:owner_email"] = "owner@example.test",
            ["bootstrap:owner_password"] = Convert.ToHexString(RandomNumberGenerator.GetBytes(16)),
            ["bootstrap:organization_name"] = "Bench",
            ["bootstrap:api_key"] = key,
            ["bootstrap:api_key_scopes:0"] = "workflows:read",
            ["bootstrap:api_key_scopes:1"] = "workflows:write",
            ["bootstrap:api_key_scopes:2"] = "workflows:publish",
            ["bootstrap:api_key_scopes:3"] = "organization:read",
        }), CancellationToken.None);
        using var client = new FluxgateClient(server.Address, key);
        var organization = new OrganizationId((await client.Get("/organization"))!["id"]!.GetValue<Guid>());
        var workflow = (await client.Post("/workflows", new JsonObject { ["document"] = Document, ["format"] = "yaml" }))!["id"]!.GetValue<Guid>();
        await client.Post($"/workflows/{workflow}/publish", null);

        var start = new RunStart(organization, new WorkflowId(workflow), 1, "Three", "api", CelValue.FromJson("""{"type":"api","body":{"n":7,"name":"ada"}}"""u8), Actor.System("bench"));
        var runs = server.Services.GetRequiredService<RunHost>();
        var engine = await Rates(AtOnce, async () =>
        {
            var started = await runs.Start(start, CancellationToken.None);
            if (!started.Succeeded || started.Value.Finished.Status != TaskStatus.RanToCompletion)
                throw new InvalidOperationException("A run was not done when it was durable.");
            return 1;
        });

        var session = server.Services.GetRequiredService<Database>().Engine(organization);
        var batch = (int)Math.Max(1, Math.Round(await session.QueryOne<double>($"""
            select count(*)::float8 / count(distinct xmin::text) from (select xmin from run_journal where organization_id = {organization} order by run_id desc limit 20000) j
            """, CancellationToken.None)));
        var made = await session.QueryOne<Made>($"""
            select j.format, j.events, r.workflow_id, r.status, r.trigger_type from run_journal j join runs r on r.organization_id = j.organization_id and r.id = j.run_id
            where j.organization_id = {organization} order by j.run_id limit 1
            """, CancellationToken.None);
        var told = await server.Services.GetRequiredService<Database>().Tenant(organization, null).QueryOne<Told>($"""
            select type, action, result, actor_kind, actor_label, resource_kind, resource_name, content, salt from audit_events
            where organization_id = {organization} and type = 'run.finished' order by id limit 1
            """, CancellationToken.None);
        var writer = server.Services.GetRequiredService<Database>().Writer([organization], 200);
        var postgresql = await Rates(Lanes, () => Insert(writer, organization, batch, made, told));
        return new { engine, postgresql, batch, share = engine.Median / postgresql.Median };
    }

    private sealed record Rate(double Median, double Min, double Max);

    /// <summary>What <paramref name="work"/> counts a second, done by so many at once.</summary>
    private static async Task<Rate> Rates(int atOnce, Func<Task<int>> work)
    {
        await Count(atOnce, work, Warm);
        var rates = new double[Rounds];
        for (var i = 0; i < Rounds; i++)
            rates[i] = await Count(atOnce, work, Round);
        Array.Sort(rates);
        return new Rate(rates[Rounds / 2], rates[0], rates[^1]);
    }

    private static async Task<double> Count(int atOnce, Func<Task<int>> work, TimeSpan time)
    {
        var (watch, done) = (Stopwatch.StartNew(), 0L);
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
        {
            while (watch.Elapsed < time)
                Interlocked.Add(ref done, await work());
        })));
        return done / watch.Elapsed.TotalSeconds;
    }

    /// <summary>As many new rows as a batch of the engine has, in every table that one run without a wait leaves something in.</summary>
    private static async Task<int> Insert(Session session, OrganizationId organization, int batch, Made made, Told told)
    {
        var ids = Enumerable.Range(0, batch).Select(_ => Uuid.New(TimeProvider.System)).ToArray();
        var (events, leaf, now) = (ids.Select(_ => made.Events).ToArray(), ids.Select(_ => told.Salt).ToArray(), TimeProvider.System.GetUtcNow());
        return await session.Execute($"""
            with row as (select * from unnest({ids}::uuid[], {events}::bytea[], {leaf}::bytea[]) as r(id, events, leaf)),
            journal as (
                insert into run_journal (organization_id, run_id, append_no, append_id, format, events, written_at)
                select {organization}, id, 1, id, {made.Format}, events, {now} from row
            ), run as (
                insert into runs (organization_id, id, workflow_id, workflow_version, status, trigger_type, started_at, finished_at, append_no)
                select {organization}, id, {made.WorkflowId}, 1, {made.Status}, {made.TriggerType}, {now}, {now}, 1 from row
            ), event as (
                insert into audit_events (organization_id, id, occurred_at, type, action, result, actor_kind, actor_label, resource_kind, resource_id, resource_name, content, salt)
                select {organization}, id, {now}, {told.Type}, {told.Action}, {told.Result}, {told.ActorKind}, {told.ActorLabel}, {told.ResourceKind}, id, {told.ResourceName}, {told.Content}, {told.Salt} from row
            )
            insert into audit_queue (organization_id, id, leaf) select {organization}, id, leaf from row
            """, CancellationToken.None);
    }
}
