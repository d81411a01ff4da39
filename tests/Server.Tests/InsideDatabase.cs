using Fluxgate.Testing;
using Npgsql;

namespace Fluxgate.Server.Tests;

/// <summary>A look, or a hand, into the database past the product: for what lies there, and for time that has passed.</summary>
public static class InsideDatabase
{
    public static async Task<string> TextOf(this TestInstallation installation, string sql, params object[] parameters)
    {
        await using var connection = await Connect(installation);
        await using var command = Command(connection, sql, parameters);
        return (await command.ExecuteScalarAsync())?.ToString() ?? "";
    }

    public static async Task<int> Change(this TestInstallation installation, string sql, params object[] parameters)
    {
        await using var connection = await Connect(installation);
        await using var command = Command(connection, sql, parameters);
        return await command.ExecuteNonQueryAsync();
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return command;
    }

    private static async Task<NpgsqlConnection> Connect(TestInstallation installation)
    {
        var settings = new NpgsqlConnectionStringBuilder { Host = installation.DatabaseSocket, Database = "fluxgate", Username = "fluxgate_admin", Pooling = false };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
