using Npgsql;

namespace Fluxgate.Testing;

/// <summary>The database behind the product's back, as its administrator: what an intruder with every right would do.</summary>
public static class TestDatabase
{
    public static async Task<NpgsqlConnection> OpenDatabase(this TestInstallation installation)
    {
        var home = (await File.ReadAllTextAsync(Path.Combine(installation.DataDirectory, "cluster"))).Trim();
        var connection = new NpgsqlConnection($"Host={home}/socket;Database=fluxgate;Username=fluxgate_admin;Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Rows changed by one statement; <paramref name="parameters"/> are $1, $2, ….</summary>
    public static async Task<int> Execute(this TestInstallation installation, string sql, params object[] parameters)
    {
        await using var connection = await installation.OpenDatabase();
        await using var command = Command(connection, sql, parameters);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of the first row.</summary>
    public static async Task<T> Scalar<T>(this TestInstallation installation, string sql, params object[] parameters)
    {
        await using var connection = await installation.OpenDatabase();
        await using var command = Command(connection, sql, parameters);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return command;
    }
}
