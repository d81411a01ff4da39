using Fluxgate.Testing;
using Npgsql;

namespace Fluxgate.Guards.Tests;

/// <summary>One installation for all guards of this assembly, and a way into its database past the product.</summary>
public static class Installation
{
    public const string Admin = "fluxgate_admin";
    public const string App = "fluxgate_app";

    private static readonly Lazy<Task<TestInstallation>> Shared = new(() =>
    {
        var start = TestInstallation.Start();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => start.Result.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return start;
    });

    public static Task<TestInstallation> Get() => Shared.Value;

    public static async Task<NpgsqlConnection> Connect(string role = Admin)
    {
        var socket = (await Get()).DatabaseSocket;
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder { Host = socket, Database = "fluxgate", Username = role, Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
