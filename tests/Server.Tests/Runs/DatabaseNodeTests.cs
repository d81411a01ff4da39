using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Runs;

/// <summary>The database node, against a PostgreSQL of somebody else's. FB10: no data becomes SQL.</summary>
public sealed class DatabaseNodeTests(DatabaseNodeTests.Outside outside) : IClassFixture<DatabaseNodeTests.Outside>
{
    public sealed class Outside : IAsyncLifetime
    {
        public TestAuthority Authority { get; } = new("Tests");

        public OutsidePostgres Postgres { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            var listener = await Installation.OutsidePort();
            var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
            listener.Stop();
            Postgres = await OutsidePostgres.Start(Authority, port);
        }

        public async Task DisposeAsync() => await Postgres.DisposeAsync();
    }

    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private object Credential(string? password = null, string? ca = null, string? host = null, int? port = null, bool? tls = null, string database = "postgres") => new
    {
        name = "erp", type = "postgresql", allowed_hosts = new[] { $"{host ?? "127.0.0.2"}:{port ?? outside.Postgres.Port}" },
        secret = new { host = host ?? "127.0.0.2", port = port ?? outside.Postgres.Port, database, username = OutsidePostgres.User, password = password ?? OutsidePostgres.Password, ca = ca ?? outside.Authority.Pem, tls },
    };

    private static string Document(string query, string settings = "", string more = "") => $$$"""
        format: 1
        name: Queries {{{Guid.NewGuid():N}}}
        trigger: { type: api }
        nodes:
          - { id: ask, type: database, settings: { credential: erp, query: "{{{query}}}"{{{settings}}} }{{{more}}} }
        """;

    private async Task<TestMember> NewOwner(object? credential = null)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        await owner.Post("/credentials", credential ?? Credential()).Success();
        return owner;
    }

    private static string? Code(JsonElement run) => run.GetProperty("error") is { ValueKind: JsonValueKind.Object } error ? error.Text("code") : null;

    private static JsonElement Output(JsonElement run) => run.Text("status") == "succeeded" ? run.Step("ask").GetProperty("output") : throw new InvalidOperationException(run.GetRawText());

    [Fact]
    public async Task Parameters_go_in_and_rows_come_out_with_their_types()
    {
        var owner = await NewOwner();
        var run = await owner.RunOnce(Document(
            "select $1::int + 1 as whole, $2::text as text, $3::jsonb as json, $4::numeric as exact, $5::float8 as real, $6::bool as yes, null as nothing, timestamptz '2026-01-02 03:04:05.5+01' as at, date '2026-01-02' as day, array[1,2] as list, $7::text is null as isnull, uuid '00000000-0000-0000-0000-000000000001' as id",
            ", parameters: [41, \"{{ trigger.body.t }}\", \"{{ trigger.body.j }}\", \"12.50\", 2.5, true, null]"), new { t = "é'; drop table x; --", j = new { a = new[] { 1 } } });
        var row = Output(run).GetProperty("rows")[0];
        Assert.Equal("""{"whole":42,"text":"é'; drop table x; --","json":{"a":[1]},"exact":"12.50","real":2.5,"yes":true,"nothing":null,"at":"2026-01-02T02:04:05.5Z","day":"2026-01-02","list":"{1,2}","isnull":true,"id":"00000000-0000-0000-0000-000000000001"}""",
            JsonSerializer.Serialize(row, Readable));
        Assert.Equal(1, Output(run).GetProperty("rows").GetArrayLength());
        var audited = Assert.Single(await (await Installation.Get()).Audited(owner.Organization, "run.finished")).GetProperty("details").GetProperty("calls")[0];
        Assert.Equal(($"127.0.0.2:{outside.Postgres.Port}", "query"), (audited.Text("host"), audited.Text("method")));
        Assert.DoesNotContain("drop table", audited.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_changed_is_counted_and_what_is_too_much_changes_nothing()
    {
        var owner = await NewOwner();
        var table = $"t{Guid.NewGuid():N}";
        async Task<JsonElement> Ask(string query, string settings = "", string more = "") => await owner.RunOnce(Document(query, settings, more));
        Output(await Ask($"create table {table} (n int primary key, t text)"));
        Assert.Equal(3, Output(await Ask($"insert into {table} select n, 'x' from generate_series(1, 3) n")).GetProperty("affected").GetInt32());
        Assert.Equal("database.too_many_rows", Code(await Ask($"insert into {table} select n from generate_series(4, 10) n returning n", ", max_rows: 5")));
        Assert.Equal("database.too_large", Code(await Ask($"update {table} set t = repeat('x', 600000) returning t")));
        Assert.Equal("database.refused", Code(await Ask($"delete from {table}", ", read_only: true")));
        Assert.Equal("database.refused", Code(await Ask($"insert into {table} values (1, 'again')")));
        Assert.Equal("""[{"count":3,"max":"x"}]""", Output(await Ask($"select count(*), max(t) from {table}", ", read_only: true")).GetProperty("rows").GetRawText());
        var slow = await Ask("select pg_sleep(30)", more: ", timeout: 1s");
        Assert.True(Code(slow) is "database.timeout" or "step.timeout", slow.GetRawText());
    }

    [Fact]
    public async Task FB10_A_query_is_one_statement_and_no_data_is_a_part_of_it()
    {
        var owner = await NewOwner();
        async Task<string?> Ask(string query, string settings = "") => Code(await owner.RunOnce(Document(query, settings)));
        Assert.Equal("database.one_statement", await Ask("commit; create table escaped ()", ", read_only: true"));
        Assert.Equal("database.refused", await Ask("select $1; select 2", ", parameters: [1]"));
        Assert.Equal("database.refused", await Ask("select $1", ", parameters: [1, 2]"));
        Assert.Equal("database.parameters", await Ask("select 1", ", parameters: { a: 1 }"));
        Assert.Null(await Ask("select 1;"));
        var answer = await owner.Draft(Document("select * from t where name = '{{ trigger.body }}'"));
        Assert.Equal("type", Assert.Single((await answer.Json()).GetProperty("errors").EnumerateArray()).Text("code"));
    }

    [Fact]
    public async Task FK15_The_certificate_is_verified_and_without_tls_only_development_connects()
    {
        Assert.Equal("egress.tls", Code(await (await NewOwner(Credential(ca: new TestAuthority("Other").Pem))).RunOnce(Document("select 1"))));
        Assert.Null(Code(await (await NewOwner(Credential(tls: false))).RunOnce(Document("select 1"))));
        await (await (await Installation.Get()).NewOrganization()).Post("/credentials", Credential(ca: "no certificate")).Refuses(400, "request.invalid");
    }

    [Fact]
    public async Task A_server_that_does_not_let_in_is_an_answer_that_shows_no_password()
    {
        const string Wrong = "wrong-password-0815";
        var run = await (await NewOwner(Credential(password: Wrong))).RunOnce(Document("select 1", more: ", retry: { attempts: 3, initial: 10ms }"));
        Assert.Equal(("database.sign_in", 1), (Code(run), run.Step("ask").GetProperty("attempts").GetInt32()));
        Assert.DoesNotContain(Wrong, run.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("database.refused", Code(await (await NewOwner(Credential(database: "nowhere"))).RunOnce(Document("select 1"))));
    }

    [Fact]
    public async Task Abuse06_An_address_inside_is_not_dialled()
    {
        foreach (var inside in (string[])["127.0.0.1", "169.254.169.254", "localhost"])
            Assert.Equal("egress.blocked", Code(await (await NewOwner(Credential(host: inside))).RunOnce(Document("select 1"))));
    }

    [Fact]
    public async Task FX04_A_credential_of_another_type_is_refused_at_save_and_at_run()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        await owner.Post("/credentials", new { name = "erp", type = "bearer", allowed_hosts = new[] { "a.test" }, secret = new { token = "t" } }).Success();
        var fault = Assert.Single((await (await owner.Draft(Document("select 1"))).Json()).GetProperty("errors").EnumerateArray());
        Assert.Equal(("/nodes/0/settings/credential", "credential.type"), (fault.Text("pointer"), fault.Text("code")));

        var other = await installation.NewOrganization();
        var credential = await other.Post("/credentials", Credential()).Success();
        var workflow = await other.Publish(Document("select 1"));
        await installation.Change("update credentials set type = 'bearer' where id = $1", credential.Id());
        Assert.Equal("credential.type", Code(await other.FinishedRun(await other.StartRun(workflow))));
    }
}
