using Npgsql;

namespace Fluxgate.Guards.Tests.Database;

/// <summary>
/// Puts a row of A into a table and then tries, under a serving role, to reach it as B and as nobody. All in one
/// transaction that is rolled back, as the administrator who takes on the role: so the table's checks and foreign keys
/// can be out of the way and the role may be granted everything. What refuses then is the policy and nothing else.
/// </summary>
public sealed class IsolationProbe(NpgsqlConnection connection, Table table, string role, Func<Guid?, string> settings)
{
    private readonly List<string> faults = [];
    private int values;

    /// <summary>The ways in which the table lets others in; empty is good. <paramref name="mutation"/> breaks it first, to prove the probe.</summary>
    public async Task<IReadOnlyList<string>> Run(string mutation = "")
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.Execute("set local session_replication_role = replica");
        if (mutation.Length > 0)
            await connection.Execute(mutation);
        await DropChecks();
        if (table.Partitioned && await connection.Scalar<bool>($"select partdefid = 0 from pg_partitioned_table where partrelid = 'public.{table.Name}'::regclass"))
            await connection.Execute($"create table probe_partition partition of {table.Name} default");
        await connection.Execute($"grant select, insert, update, delete on {table.Name} to {role}");

        Guid a = await NewId(), b = await NewId();
        var (columns, valuesOf) = await Row();
        string Insert(Guid owner) => $"insert into {table.Name} ({columns}) values ({valuesOf(owner)})";
        await connection.Execute(Insert(a));

        await As(a);
        await Expect(1, $"select count(*) from {table.Name}", "its own side does not see its row, so the probe would prove nothing");
        foreach (var (who, id) in ((string, Guid?)[])[("another", b), ("nobody", null)])
        {
            await As(id);
            await Expect(0, $"select count(*) from {table.Name}", $"{who} sees a row");
            await Refused(Insert(a), $"{who} inserts a row");
            await Untouched($"update {table.Name} set {table.KeyColumn} = {table.KeyColumn}", $"{who} updates a row");
            await Untouched($"delete from {table.Name}", $"{who} deletes a row");
        }
        await As(b);
        await connection.Execute("savepoint own");
        try
        {
            await connection.Execute(Insert(b));
            await Refused($"update {table.Name} set {table.KeyColumn} = '{a}'", "another gives a row away");
        }
        catch (PostgresException e)
        {
            faults.Add($"{table.Name}: an own row is not taken: {e.MessageText}");
        }
        await connection.Execute("rollback to own");
        await transaction.RollbackAsync();
        return faults;
    }

    private Task<int> As(Guid? id) => connection.Execute($"reset role; {settings(id)}; set local role {role}");

    private Task<Guid> NewId() => connection.Scalar<Guid>("select gen_random_uuid()");

    private async Task Expect(long expected, string sql, string fault)
    {
        if (await connection.Scalar<long>(sql) != expected)
            faults.Add($"{table.Name}: {fault}");
    }

    private async Task Refused(string sql, string fault)
    {
        await connection.Execute("savepoint probe");
        try
        {
            await connection.Execute(sql);
            faults.Add($"{table.Name}: {fault}");
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            // What the policy is there for.
        }
        catch (PostgresException e)
        {
            faults.Add($"{table.Name}: {fault}, and only this stopped it: {e.MessageText}");
        }
        await connection.Execute("rollback to probe");
    }

    private async Task Untouched(string sql, string fault)
    {
        await connection.Execute("savepoint probe");
        if (await connection.Execute(sql) != 0)
            faults.Add($"{table.Name}: {fault}");
        await connection.Execute("rollback to probe");
    }

    private async Task DropChecks()
    {
        foreach (var check in await connection.Query($"select conname from pg_constraint where conrelid = 'public.{table.Name}'::regclass and contype = 'c' and coninhcount = 0", r => r.GetString(0)))
            await connection.Execute($"alter table {table.Name} drop constraint \"{check}\"");
    }

    /// <summary>A minimal row: a value for each column that must have one, by its type.</summary>
    private async Task<(string Columns, Func<Guid, string> ValuesOf)> Row()
    {
        var columns = await connection.Query(
            $"""
            select a.attname, format_type(a.atttypid, null)
            from pg_attribute a
            where a.attrelid = 'public.{table.Name}'::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity = ''
              and ((a.attnotnull and not a.atthasdef) or a.attname = '{table.KeyColumn}')
            order by a.attnum
            """, r => (Name: r.GetString(0), Type: r.GetString(1)));
        return (
            string.Join(", ", columns.Select(c => c.Name)),
            owner => string.Join(", ", columns.Select(c => c.Name == table.KeyColumn ? $"'{owner}'" : Value(c.Type))));
    }

    /// <summary>Another value each time, since columns may be unique.</summary>
    private string Value(string type) => type switch
    {
        "uuid" => "gen_random_uuid()",
        "text" or "character varying" => $"'probe-{++values}'",
        "boolean" => "true",
        "bytea" => $"'\\x{++values:x4}'",
        "jsonb" or "json" => "'{}'",
        "smallint" or "integer" or "bigint" or "numeric" or "real" or "double precision" => $"{++values}",
        "timestamp with time zone" => "'2026-01-01T00:00:00Z'",
        "date" => "'2026-01-01'",
        "interval" => "'1 hour'",
        "inet" or "cidr" => "'192.0.2.1'",
        _ when type.EndsWith("[]", StringComparison.Ordinal) => "'{}'",
        _ => throw new NotSupportedException($"The probe knows no value of type {type}; add one."),
    };
}
