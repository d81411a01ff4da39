using Fluxgate.Data.Isolation;

namespace Fluxgate.Guards.Tests.Database;

public sealed class IsolationTests
{
    [Fact]
    public async Task FB02_FN05_No_organization_and_no_person_reaches_the_rows_of_another_under_any_role()
    {
        await using var connection = await Installation.Connect();
        var report = await IsolationCheck.Run(connection, CancellationToken.None);
        Assert.Empty(report.Faults);
        Assert.True(report.Probes > 150, $"Only {report.Probes} probes were made.");
        Assert.All(report.Tables, table => Assert.Contains(report.Policies, p => p.Table == table.Name));
    }

    [Fact]
    public async Task FB02_The_list_of_tables_that_are_open_across_organizations_only_shrinks()
    {
        await using var connection = await Installation.Connect();
        var open = new List<string>();
        foreach (var table in await Catalog.Tables(connection))
            open.AddRange((await Catalog.Policies(connection, table)).Where(p => p.Roles == "fluxgate_platform").Select(p => p.Table));
        Assert.Equal(open.Order(), AcrossOrganizations.Tables.Keys.Order());
    }

    [Theory]
    [InlineData("members", "fluxgate_app", "alter table members disable row level security")]
    [InlineData("members", "fluxgate_app", "drop policy tenant on members")]
    [InlineData("members", "fluxgate_app", "create policy wide on members to fluxgate_app using (true) with check (true)")]
    [InlineData("members", "fluxgate_app", "create policy reads on members for select to fluxgate_app using (true)")]
    [InlineData("members", "fluxgate_app", "create policy inserts on members for insert to fluxgate_app with check (true)")]
    [InlineData("members", "fluxgate_app", "alter policy tenant on members with check (true)")]
    // A blind update reads no column, so that no policy for reading stands in its way.
    [InlineData("members", "fluxgate_app", "create policy steals on members for update to fluxgate_app using (true) with check (organization_id = (select auth.organization_id()))")]
    // A subquery makes PostgreSQL write the table's name into the condition.
    [InlineData("members", "fluxgate_app", "create policy wide on members to fluxgate_app using (exists (select where members.organization_id is not null))")]
    [InlineData("members", "fluxgate_app", "create policy \"a \"\"quoted\"\" name\" on members to fluxgate_app using (true)")]
    [InlineData("sessions", "fluxgate_app", "create policy wide on sessions to fluxgate_app using (auth.uid() is null)")]
    [InlineData("runs", "fluxgate_engine", "create policy wide on runs to fluxgate_engine using (true)")]
    public async Task FB02_The_probe_notices_a_policy_that_is_missing_or_too_wide(string name, string role, string mutation)
    {
        await using var connection = await Installation.Connect();
        var table = (await Catalog.Tables(connection)).Single(t => t.Name == name);
        Assert.NotEmpty(await IsolationCheck.Probe(connection, table, role).Run(open: true, mutation));
    }

    [Theory]
    [InlineData("installation", "fluxgate_app", "create policy wide on installation to fluxgate_app using (true)")]
    [InlineData("installation", "fluxgate_app", "create policy changes on installation for update to fluxgate_app using (true)")]
    [InlineData("members", "fluxgate_search", "create policy reads on members for select to fluxgate_search using (true)")]
    [InlineData("members", "fluxgate_search", "alter role fluxgate_search bypassrls")]
    [InlineData("credentials", "fluxgate_platform", "create policy reads on credentials for select to fluxgate_platform using (true)")]
    public async Task FB02_The_probe_notices_a_role_that_reaches_a_table_that_is_closed_to_it(string name, string role, string mutation)
    {
        await using var connection = await Installation.Connect();
        var table = (await Catalog.Tables(connection)).Single(t => t.Name == name);
        Assert.Empty(await IsolationCheck.Probe(connection, table, role).Run(open: false));
        Assert.NotEmpty(await IsolationCheck.Probe(connection, table, role).Run(open: false, mutation));
    }

    [Theory]
    [InlineData("alter table members no force row level security", "members has no forced row level security")]
    [InlineData("comment on table members is null", "members has no class; internal.protect was not called")]
    [InlineData("create table bare (id uuid primary key); alter table bare enable row level security; alter table bare force row level security", "bare has no policy at all")]
    [InlineData("grant select on runs_rest to fluxgate_app", "runs_rest (fluxgate_app) is a partition that somebody reaches past its parent")]
    [InlineData("grant select (id) on runs_rest to fluxgate_app", "runs_rest (fluxgate_app) is a partition that somebody reaches past its parent")]
    [InlineData("grant select on runs_rest to public", "runs_rest (public) is a partition that somebody reaches past its parent")]
    [InlineData("alter role fluxgate_app bypassrls", "fluxgate_app is a serving role with privileges")]
    [InlineData("grant fluxgate_owner to fluxgate_app", "fluxgate_app in fluxgate_owner is a membership of one of the roles")]
    [InlineData("create role clerk; grant fluxgate_owner to clerk", "clerk in fluxgate_owner is a membership of one of the roles")]
    [InlineData("grant pg_read_all_data to fluxgate_app", "fluxgate_app in pg_read_all_data is a membership of one of the roles")]
    [InlineData("grant create on schema public to fluxgate_app; alter table kv_entries owner to fluxgate_app", "kv_entries belongs to a serving role")]
    [InlineData("grant truncate on members to fluxgate_app", "members: TRUNCATE to fluxgate_app is granted past the policies")]
    [InlineData("grant select on members to public", "members: SELECT to public is granted past the policies")]
    [InlineData("grant select (user_id) on members to public", "members: SELECT to public is granted past the policies")]
    [InlineData("grant references (organization_id) on members to fluxgate_app", "members: REFERENCES to fluxgate_app is granted past the policies")]
    [InlineData("grant select on installation to fluxgate_app", "installation is a platform table that the app reaches")]
    [InlineData("grant select on credentials to fluxgate_platform", "credentials (fluxgate_platform) is granted to a role without a policy for it")]
    [InlineData("create policy reads on credentials for select to fluxgate_platform using (true); grant select on credentials to fluxgate_platform", "credentials is open to fluxgate_platform without a reason on the list")]
    [InlineData("create rule quiet as on update to members do instead nothing", "members has a rewrite rule, which asks with its owner's rights")]
    [InlineData("create schema hidden; create table hidden.copies (id uuid); grant select (id) on hidden.copies to fluxgate_app", "hidden.copies (fluxgate_app) is a table outside schema public that is granted to somebody")]
    [InlineData("create view everybody as select * from members", "everybody is a view that asks with its owner's rights")]
    [InlineData("create function leak() returns bigint language sql security definer as 'select count(*) from members'", "leak is a function that runs with its owner's rights")]
    public async Task FB02_The_rules_notice_a_way_around_the_policies(string mutation, string fault)
    {
        await using var connection = await Installation.Connect();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.Execute(mutation);
        Assert.Contains(fault, await IsolationRules.Faults(connection, CancellationToken.None));
        await transaction.RollbackAsync();
    }
}
