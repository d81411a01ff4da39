using Fluxgate.Testing;
using Npgsql;

namespace Fluxgate.Server.Tests.Audit;

/// <summary>What the roles of the running product may do to the log, asked of PostgreSQL itself.</summary>
public sealed class AuditRightsTests
{
    [Theory]
    [InlineData("fluxgate_app", "update audit_events set type = 'x'")]
    [InlineData("fluxgate_app", "delete from audit_events")]
    [InlineData("fluxgate_app", "truncate audit_events")]
    [InlineData("fluxgate_app", "delete from audit_queue")]
    [InlineData("fluxgate_app", "insert into audit_leaves select * from audit_leaves")]
    [InlineData("fluxgate_app", "update audit_heads set size = 1")]
    [InlineData("fluxgate_app", "select from audit_events_rest")]
    [InlineData("fluxgate_app", "select internal.make_partitions('2030-01-01', 1)")]
    [InlineData("fluxgate_app", "select from organization_keys")]
    [InlineData("fluxgate_app", "select from installation_keys")]
    [InlineData("fluxgate_engine", "update audit_events set type = 'x'")]
    [InlineData("fluxgate_engine", "delete from audit_events")]
    [InlineData("fluxgate_engine", "update audit_leaves set index = 1")]
    [InlineData("fluxgate_engine", "delete from audit_leaves")]
    [InlineData("fluxgate_engine", "delete from audit_heads")]
    [InlineData("fluxgate_engine", "select from installation_keys")]
    [InlineData("fluxgate_platform", "select from audit_events")]
    [InlineData("fluxgate_platform", "delete from audit_queue")]
    [InlineData("fluxgate_platform", "select from organization_keys")]
    [InlineData("fluxgate_platform", "update installation_keys set state = 'retired'")]
    public async Task FK09_The_product_s_own_roles_cannot_rewrite_the_log_or_the_keys(string role, string sql)
    {
        var installation = await Installation.Get();
        await using var connection = await installation.OpenDatabase();
        await using var command = new NpgsqlCommand($"set role {role}; {sql}", connection);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task A_new_installation_has_its_partitions_before_anybody_can_write()
    {
        await using var installation = await TestInstallation.Start();
        Assert.True(await installation.Scalar<bool>("select to_regclass('audit_events_' || to_char(now() at time zone 'UTC', 'YYYYMM')) is not null"));
        await installation.NewOrganization();
        Assert.Equal(0L, await installation.Scalar<long>("select count(*) from audit_events_rest"));
    }

    [Fact]
    public async Task Partitions_are_made_ahead_and_take_over_what_came_too_early()
    {
        var installation = await Installation.Get();
        // A row of a month whose partition is not made yet.
        await installation.Execute("""
            insert into audit_events (organization_id, id, occurred_at, type, action, result, actor_kind, actor_label, resource_kind, content, salt)
            values ($1, internal.uuid_at('2041-05-17T00:00:00Z'), '2041-05-17T00:00:00Z', 'test.early', 'create', 'success', 'system', 'test', 'test', '{}', sha256('salt'))
            """, Guid.CreateVersion7());
        Assert.Equal("audit_events_rest", await Home(installation));
        Assert.True(await installation.Scalar<int>("select internal.make_partitions('2041-05-31T23:59:59Z', 2)") >= 2);
        Assert.Equal("audit_events_204105", await Home(installation));
        Assert.Equal(0, await installation.Scalar<int>("select internal.make_partitions('2041-06-01T00:00:00Z', 1)"));
        Assert.True(await installation.Scalar<bool>("select bool_and(relrowsecurity and relacl is null) from pg_class where relname like 'audit_events\\_%' and relkind = 'r'"));
    }

    private static Task<string> Home(TestInstallation installation) =>
        installation.Scalar<string>("select tableoid::regclass::text from audit_events where type = 'test.early'");
}
