using Npgsql;

namespace Fluxgate.Data.Sessions;

/// <summary>Sends one statement, with the session's settings before it in the same round trip where they are due.</summary>
internal static class StatementRunner
{
    public static async Task<IReadOnlyList<T>> Query<T>(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, NpgsqlBatchCommand? settings, Sql sql, CancellationToken cancel)
    {
        await using var batch = Batch(connection, transaction, settings, sql);
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        if (settings is not null)
            await reader.NextResultAsync(cancel);
        var rows = new List<T>();
        var ordinals = RowReader<T>.Ordinals(reader);
        while (await reader.ReadAsync(cancel))
            rows.Add(RowReader<T>.ReadRow(reader, ordinals));
        // A failure may come after the last row, such as a deferred constraint: read to the end.
        while (await reader.NextResultAsync(cancel)) { }
        return rows;
    }

    public static async Task<int> Execute(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, NpgsqlBatchCommand? settings, Sql sql, CancellationToken cancel)
    {
        await using var batch = Batch(connection, transaction, settings, sql);
        await batch.ExecuteNonQueryAsync(cancel);
        return (int)batch.BatchCommands[^1].RecordsAffected;
    }

    private static NpgsqlBatch Batch(NpgsqlConnection connection, NpgsqlTransaction? transaction, NpgsqlBatchCommand? settings, Sql sql)
    {
        var batch = new NpgsqlBatch(connection, transaction);
        if (settings is not null)
            batch.BatchCommands.Add(settings);
        batch.BatchCommands.Add(sql.ToCommand());
        return batch;
    }
}
