namespace Fluxgate.Guards.Tests.Database;

public sealed class IsolationTests
{
    [Fact]
    public async Task FN05_No_organization_and_no_person_reaches_the_rows_of_another()
    {
        await using var connection = await Installation.Connect();
        var faults = new List<string>();
        foreach (var table in (await Catalog.Tables(connection)).Where(t => !t.IsPartition && t.Class is TableClass.Tenant or TableClass.Personal))
            faults.AddRange(await AsApp(connection, table).Run());
        Assert.Empty(faults);
    }

    [Fact]
    public async Task The_engine_reaches_the_rows_of_the_organizations_that_its_batch_names_and_no_others()
    {
        await using var connection = await Installation.Connect();
        var policies = await connection.Query("select tablename::text from pg_policies where 'fluxgate_engine' = any (roles)", r => r.GetString(0));
        var faults = new List<string>();
        foreach (var table in (await Catalog.Tables(connection)).Where(t => t.Class == TableClass.Tenant && policies.Contains(t.Name)))
            faults.AddRange(await AsEngine(connection, table).Run());
        Assert.Empty(faults);

        var granted = await connection.Query(
            """
            select c.relname from pg_class c
            where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and has_any_column_privilege('fluxgate_engine', c.oid, 'select, insert, update')
            """, r => r.GetString(0));
        Assert.Empty(granted.Except(policies));
    }

    [Theory]
    [InlineData("members", "alter table members disable row level security")]
    [InlineData("members", "drop policy tenant on members")]
    [InlineData("members", "create policy wide on members to fluxgate_app using (true) with check (true)")]
    [InlineData("members", "create policy reads on members for select to fluxgate_app using (true)")]
    [InlineData("members", "create policy inserts on members for insert to fluxgate_app with check (true)")]
    [InlineData("members", "alter policy tenant on members with check (true)")]
    [InlineData("sessions", "create policy wide on sessions to fluxgate_app using (auth.uid() is null)")]
    public async Task The_probe_notices_a_policy_that_is_missing_or_too_wide(string name, string mutation)
    {
        await using var connection = await Installation.Connect();
        var table = (await Catalog.Tables(connection)).Single(t => t.Name == name);
        Assert.NotEmpty(await AsApp(connection, table).Run(mutation));
    }

    private static IsolationProbe AsApp(Npgsql.NpgsqlConnection connection, Table table) =>
        new(connection, table, Installation.App, id => $"set local {table.Setting} = '{id}'");

    private static IsolationProbe AsEngine(Npgsql.NpgsqlConnection connection, Table table) =>
        new(connection, table, "fluxgate_engine", id => $"set local fluxgate.organization_ids = '{{{id}}}'");
}
