using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Cli;

/// <summary>Each on a database of its own: what is broken here would break others' tests.</summary>
public sealed class RlsCommandTests : IDisposable
{
    private readonly CommandLine shell = new();

    [Fact]
    public async Task FB02_A_fresh_installation_passes_and_every_table_and_policy_is_printed()
    {
        await using var installation = await TestInstallation.Start();
        var (exit, output, error) = await Check(installation);
        Assert.Equal((0, ""), (exit, error));
        Assert.Matches(@"members\s+tenant\s+tenant\s+all\s+fluxgate_app\s+\(organization_id = .*\s+the same", output);
        Assert.Matches(@"schema_migrations\s+which migrations were applied", output);
        Assert.Matches(@"users\s+sign-in finds a person by address", output);
        Assert.Matches(@"\d+ tables, \d+ policies, \d+ probes, 0 faults", output);
        var tables = await installation.TextOf("select string_agg(relname, ' ') from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition");
        Assert.All(tables.Split(' '), table => Assert.Matches($@"(?m)^{table} ", output));

        (exit, output, _) = await Check(installation, "--json");
        using var report = JsonDocument.Parse(output);
        Assert.Equal((0, 0), (exit, report.RootElement.GetProperty("faults").GetArrayLength()));
        Assert.Equal(tables.Split(' ').Length, report.RootElement.GetProperty("tables").GetArrayLength());
    }

    [Fact]
    public async Task FB02_The_check_fails_and_names_what_is_open()
    {
        await using var installation = await TestInstallation.Start();
        await installation.Change(
            """
            drop policy tenant on members;
            alter table sessions no force row level security;
            grant select on runs_rest to fluxgate_app;
            create policy wide on credentials for select to fluxgate_platform using (true);
            create role clerk;
            create policy reads on workflows for select to clerk using (true);
            create role backup bypassrls;
            grant select (id) on connectors to backup;
            """);
        var (exit, output, _) = await Check(installation);
        Assert.Equal(1, exit);
        string[] faults =
        [
            "members: fluxgate_app: its own side does not see its row, so the probe would prove nothing",
            "sessions has no forced row level security",
            "runs_rest (fluxgate_app) is a partition that somebody reaches past its parent",
            "credentials is open to fluxgate_platform without a reason on the list",
            "credentials: fluxgate_platform: another sees a row",
            "workflows: clerk: another sees a row",
            "connectors: backup: another sees a row",
        ];
        Assert.All(faults, fault => Assert.Contains($"FAULT: {fault}\n", output, StringComparison.Ordinal));
        Assert.Matches(@"members\s+none: see the faults", output);

        (exit, output, _) = await Check(installation, "--json");
        Assert.Equal(1, exit);
        using var report = JsonDocument.Parse(output);
        Assert.Empty(faults.Except(report.RootElement.GetProperty("faults").EnumerateArray().Select(f => f.GetString()!)));
    }

    [Fact]
    public async Task FB02_The_check_takes_no_lock_that_writers_wait_for_and_calls_a_table_that_is_held_a_fault()
    {
        await using var installation = await TestInstallation.Start();
        await using var connection = await installation.OpenDatabase();
        await using var command = connection.CreateCommand();
        // Beside this lock there is room for reading and nothing more.
        command.CommandText = "begin; lock table members, workflow_versions, invitations in exclusive mode";
        await command.ExecuteNonQueryAsync();
        var (exit, output, _) = await Check(installation);
        Assert.Equal((0, true), (exit, output.Contains(" 0 faults", StringComparison.Ordinal)));

        command.CommandText = "lock table invitations in access exclusive mode";
        await command.ExecuteNonQueryAsync();
        (exit, output, _) = await Check(installation);
        Assert.Equal(1, exit);
        Assert.Contains("FAULT: invitations: could not be tried: canceling statement due to lock timeout", output, StringComparison.Ordinal);
        Assert.DoesNotContain("FAULT: members", output, StringComparison.Ordinal);
        command.CommandText = "rollback";
        await command.ExecuteNonQueryAsync();
    }

    [Fact]
    public async Task FB02_Nothing_that_was_not_tried_is_called_good()
    {
        await using var installation = await TestInstallation.Start();
        shell.Environment["FLUXGATE_DATABASE__NAME"] = "postgres";
        var (exit, output, error) = await Check(installation);
        Assert.Equal((1, ""), (exit, output));
        Assert.Contains("has no tables of Fluxgate, so nothing was checked", error, StringComparison.Ordinal);

        shell.Environment.Remove("FLUXGATE_DATABASE__NAME");
        shell.Environment["FLUXGATE_DATABASE__ADMIN_USER"] = "fluxgate_platform";
        (exit, output, error) = await Check(installation);
        Assert.Equal((1, ""), (exit, output));
        Assert.Contains("fluxgate_platform (database.admin_user) cannot take on fluxgate_owner, fluxgate_app, fluxgate_engine, fluxgate_search", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FB02_An_administrator_who_is_no_superuser_checks_once_the_roles_are_granted_to_it()
    {
        await using var installation = await TestInstallation.Start();
        await File.AppendAllTextAsync(Path.Combine(Path.GetDirectoryName(installation.DatabaseSocket)!, "pgdata", "pg_ident.conf"), $"fluxgate {Environment.UserName} clerk\n");
        await installation.Change("create role clerk login; grant connect on database fluxgate to clerk; grant fluxgate_owner, fluxgate_app, fluxgate_engine, fluxgate_platform, fluxgate_search to clerk; select pg_reload_conf()");
        shell.Environment["FLUXGATE_DATABASE__ADMIN_USER"] = "clerk";
        await Condition.Holds(async () => (await Check(installation)).Exit == 0, "the administrator checks");

        // To everybody else the same membership is a way in.
        shell.Environment["FLUXGATE_DATABASE__ADMIN_USER"] = "fluxgate_admin";
        var (exit, output, _) = await Check(installation);
        Assert.Equal(1, exit);
        Assert.Contains("FAULT: clerk in fluxgate_owner is a membership of one of the roles", output, StringComparison.Ordinal);
    }

    private Task<(int Exit, string Out, string Error)> Check(TestInstallation installation, params string[] options)
    {
        shell.Environment["FLUXGATE_DATABASE__HOST"] = installation.DatabaseSocket;
        return shell.Run(null, ["rls", "check", "--data", installation.DataDirectory, .. options]);
    }

    public void Dispose() => shell.Dispose();
}
