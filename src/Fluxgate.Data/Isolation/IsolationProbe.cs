using Fluxgate.Data.Sessions;
using Npgsql;

namespace Fluxgate.Data.Isolation;

/// <summary>
/// Puts a row of A into a table and then tries, under a serving role, to reach it as B and as nobody. The table is an empty
/// copy of the real one with the same policies and the same owner, made in a transaction that is rolled back: so writers of
/// a live table wait for nothing, its checks and foreign keys are out of the way, and the role may be granted everything.
/// What refuses then is the policy and nothing else.
/// </summary>
internal sealed class IsolationProbe(NpgsqlConnection connection, Table table, string role, Func<Guid?, string> settings)
{
    private readonly List<string> faults = [];
    private int values;
    private (string Name, string Value) anyColumn;

    /// <summary>Named like the table: a condition with a subquery names it.</summary>
    private string Copy => $"fluxgate_probe.{table.Identifier}";

    /// <summary>
    /// The ways in which the table lets the role in where it must not; empty is good. <paramref name="open"/>: one side has
    /// its own rows; if not, the role has none at all. <paramref name="mutation"/> breaks the table first, to prove the probe.
    /// </summary>
    public async Task<IReadOnlyList<string>> Run(bool open, string mutation = "", CancellationToken cancel = default)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (mutation.Length > 0)
            await connection.Execute(mutation, cancel);
        // The owner may all of this, where the administrator of somebody else's PostgreSQL is no superuser.
        await connection.Execute($"set local role {DatabaseRole.Owner}; create schema fluxgate_probe; grant usage on schema fluxgate_probe to {role}; create table {Copy} (like public.{table.Identifier} including defaults including generated including identity)", cancel);
        Guid a = await NewId(), b = await NewId();
        var (columns, valuesOf) = await Row();
        string Insert(Guid owner) => $"insert into {Copy} ({columns}) values ({valuesOf(owner)})";
        // Before the policies, which bind the owner too.
        await connection.Execute(Insert(a), cancel);
        await CopyPolicies(cancel);
        await connection.Execute($"grant select, insert, update, delete on {Copy} to {role}", cancel);

        if (open)
        {
            await As(a);
            await Expect(1, $"select count(*) from {Copy}", "its own side does not see its row, so the probe would prove nothing");
        }
        foreach (var (who, id) in ((string, Guid?)[])[("another", b), ("nobody", null), .. open ? ((string, Guid?)[])[] : [("its own side", a)]])
        {
            await As(id);
            await Expect(0, $"select count(*) from {Copy}", $"{who} sees a row");
            await Refused(Insert(a), $"{who} inserts a row");
            await Untouched($"update {Copy} set {Key} = {Key}", $"{who} updates a row");
            // Reads no column, so that no policy for reading hides what one for updates lets through.
            await Untouched($"update {Copy} set {Key} = {Taken(id)}", $"{who} takes a row");
            await Untouched($"delete from {Copy}", $"{who} deletes a row");
        }
        if (open)
            await GiveAway(a, b, Insert(b));
        await transaction.RollbackAsync(cancel);
        return faults;
    }

    /// <summary>Any column will do where no column says whose a row is.</summary>
    private string Key => table.Class == TableClass.Platform ? anyColumn.Name : table.KeyColumn;

    private string Taken(Guid? id) => table.Class == TableClass.Platform ? anyColumn.Value : id is { } taker ? $"'{taker}'" : "gen_random_uuid()";

    private async Task GiveAway(Guid a, Guid b, string insert)
    {
        await As(b);
        await connection.Execute("savepoint own");
        try
        {
            await connection.Execute(insert);
            await Refused($"update {Copy} set {table.KeyColumn} = '{a}'", "another gives a row away");
        }
        catch (PostgresException e)
        {
            faults.Add($"{table.Name}: {role}: an own row is not taken: {e.MessageText}");
        }
        await connection.Execute("rollback to own");
    }

    private async Task CopyPolicies(CancellationToken cancel)
    {
        // Read again: a mutation may have changed what the catalog said before.
        var now = (await Catalog.Tables(connection, cancel)).Single(t => t.Name == table.Name);
        if (now.Enabled)
            await connection.Execute($"alter table {Copy} enable row level security", cancel);
        if (now.Forced)
            await connection.Execute($"alter table {Copy} force row level security", cancel);
        foreach (var policy in await Catalog.Policies(connection, table, cancel))
            await connection.Execute(
                $"create policy {Catalog.Identifier(policy.Name)} on {Copy} as {(policy.Permissive ? "permissive" : "restrictive")} for {policy.Command} to {policy.Roles}"
                + (policy.Using is { } condition ? $" using ({condition})" : "") + (policy.Check is { } check ? $" with check ({check})" : ""), cancel);
    }

    private Task<int> As(Guid? id) => connection.Execute($"reset role; {settings(id)}; set local role {role}");

    private Task<Guid> NewId() => connection.Scalar<Guid>("select gen_random_uuid()");

    private async Task Expect(long expected, string sql, string fault)
    {
        if (await connection.Scalar<long>(sql) != expected)
            faults.Add($"{table.Name}: {role}: {fault}");
    }

    private async Task Refused(string sql, string fault)
    {
        await connection.Execute("savepoint probe");
        try
        {
            await connection.Execute(sql);
            faults.Add($"{table.Name}: {role}: {fault}");
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            // What the policy is there for.
        }
        catch (PostgresException e)
        {
            faults.Add($"{table.Name}: {role}: {fault}, and only this stopped it: {e.MessageText}");
        }
        await connection.Execute("rollback to probe");
    }

    private async Task Untouched(string sql, string fault)
    {
        await connection.Execute("savepoint probe");
        try
        {
            if (await connection.Execute(sql) != 0)
                faults.Add($"{table.Name}: {role}: {fault}");
        }
        catch (PostgresException e)
        {
            // No row is no error: what fails has come to a row.
            faults.Add($"{table.Name}: {role}: {fault}, and only this stopped it: {e.MessageText}");
        }
        await connection.Execute("rollback to probe");
    }

    /// <summary>A minimal row: a value for each column that must have one, by its type, and for the ids that a generated column is made of.</summary>
    private async Task<(string Columns, Func<Guid, string> ValuesOf)> Row()
    {
        var columns = await connection.Query(
            $"""
            select quote_ident(a.attname), format_type(a.atttypid, null)
            from pg_attribute a
            where a.attrelid = {Catalog.Literal($"public.{table.Identifier}")}::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity = ''
              and ((a.attnotnull and not a.atthasdef) or a.attnum = 1 or a.attname = '{table.KeyColumn}'
                or (a.atttypid = 'uuid'::regtype and exists (select from pg_attribute g where g.attrelid = a.attrelid and g.attgenerated <> '')))
            order by a.attnum
            """, r => (Name: r.GetString(0), Type: r.GetString(1)));
        anyColumn = (columns[0].Name, Value(columns[0].Type));
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
