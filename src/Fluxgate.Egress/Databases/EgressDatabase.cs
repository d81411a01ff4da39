#pragma warning disable RS0030 // Npgsql is banned for our own database; this is somebody else's
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Npgsql;
using NpgsqlTypes;

namespace Fluxgate.Egress.Databases;

/// <summary>
/// Statements on outside PostgreSQL servers. The name is resolved once, the address checked, and that address is what Npgsql
/// connects to; TLS is verified against the name. A connection serves one statement: none is kept that a later, narrower
/// rule would not allow.
/// </summary>
public sealed class EgressDatabase(EgressOptions options, GuardedDialer dialer, bool requireTls, TimeProvider clock)
{
    /// <summary>
    /// The rows, or a failure: <c>egress.…</c>, <c>database.refused</c>, <c>database.sign_in</c>, <c>database.timeout</c>,
    /// <c>database.too_many_rows</c>, <c>database.too_large</c>, <c>database.one_statement</c>, <c>database.outcome_unknown</c>.
    /// </summary>
    public async Task<(DatabaseAnswer? Answer, DatabaseFailure? Failure)> Run(DatabaseServer server, DatabaseQuery query, EgressPolicy policy, CancellationToken cancel)
    {
        if (requireTls && !server.UseTls)
            return (null, Final(Error.Refused("egress.tls_required", "A database without TLS is taken in development only.")));
        var committing = false;
        try
        {
            await using var connection = await Open(server, policy, cancel);
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            var answer = await Execute(connection, transaction, query, cancel);
            if (answer.Error is { } exceeded)
                return (null, Final(exceeded));
            committing = !query.ReadOnly;
            await transaction.CommitAsync(cancel);
            return (answer.Value, null);
        }
        catch (Exception e) when (committing && e is not PostgresException)
        {
            return (null, Final(new Error("database.outcome_unknown", ErrorKind.Unavailable, $"{server.Host} did not say whether it took the statement.")));
        }
        catch (PostgresException e)
        {
            return (null, Refused(server, e));
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or IOException or AuthenticationException or EgressBlockedException)
        {
            var error = EgressFailures.Of(e, server.Host) ?? EgressErrors.Connect(server.Host, "the connection broke, or TLS was refused");
            return (null, new DatabaseFailure(error, EgressFailures.IsTransient(error)));
        }
    }

    private async Task<NpgsqlConnection> Open(DatabaseServer server, EgressPolicy policy, CancellationToken cancel)
    {
        var addresses = await dialer.Check(server.Host, server.Port, policy, cancel);
        for (var i = 0; ; i++)
        {
            await using var source = Source(server, addresses[i]);
            try
            {
                return await source.OpenConnectionAsync(cancel);
            }
            catch (NpgsqlException e) when (e.InnerException is SocketException && i + 1 < addresses.Length)
            {
                // The next of its addresses.
            }
        }
    }

    private NpgsqlDataSource Source(DatabaseServer server, IPAddress address)
    {
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = address.ToString(),
            Port = server.Port,
            Database = server.Database,
            Username = server.Username,
            Password = server.Password,
            ApplicationName = "fluxgate",
            // Required and verified below: Npgsql's own verification would compare the certificate with the address.
            SslMode = server.UseTls ? SslMode.Require : SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
            Pooling = false,
            Enlist = false,
            Timezone = "UTC",
            Timeout = (int)Math.Ceiling(options.ConnectTimeout.TotalSeconds),
            CommandTimeout = 0, // the caller's token and the server's statement_timeout end it
            IncludeErrorDetail = false,
        };
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UseSslClientAuthenticationOptionsCallback(tls =>
        {
            tls.TargetHost = server.Host;
            tls.EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
            tls.CertificateChainPolicy = new EgressTls(null, null, server.Authorities).Options().CertificateChainPolicy;
            tls.RemoteCertificateValidationCallback = (_, _, _, errors) => errors == SslPolicyErrors.None;
        });
        return builder.Build();
    }

    private async Task<Result<DatabaseAnswer>> Execute(NpgsqlConnection connection, NpgsqlTransaction transaction, DatabaseQuery query, CancellationToken cancel)
    {
        // One statement, as PostgreSQL itself holds whoever sends parameters to; without any, Npgsql would take several.
        var text = query.Text.TrimEnd().TrimEnd(';');
        if (query.Parameters.Count == 0 && text.Contains(';', StringComparison.Ordinal))
            return Error.Refused("database.one_statement", "A query is one statement. A semicolon within it, as in a text, is handed over as a parameter.");
        var started = clock.GetTimestamp();
        await using (var settings = new NpgsqlCommand(query.ReadOnly ? "set transaction read only" : "set transaction read write", connection, transaction))
            await settings.ExecuteNonQueryAsync(cancel);
        await using (var limit = new NpgsqlCommand("select set_config('statement_timeout', $1, true)", connection, transaction))
        {
            limit.Parameters.Add(new NpgsqlParameter<string> { TypedValue = $"{(long)query.Timeout.TotalMilliseconds}ms" });
            await limit.ExecuteNonQueryAsync(cancel);
        }
        await using var command = new NpgsqlCommand(text, connection, transaction) { AllResultTypesAreUnknown = true };
        foreach (var value in query.Parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)DatabaseValues.ToText(value) ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Unknown });
        // Sequential: no row is held in memory before it was measured.
        await using var reader = await command.ExecuteReaderAsync(System.Data.CommandBehavior.SequentialAccess, cancel);
        var rows = new List<CelValue>();
        var bytes = 0;
        var chunk = new byte[16 * 1024];
        while (await reader.ReadAsync(cancel))
        {
            if (rows.Count == query.MaxRows)
                return Error.Refused("database.too_many_rows", $"The statement gives more than {query.MaxRows} rows; nothing was changed.");
            var row = new Dictionary<string, CelValue>(StringComparer.Ordinal);
            for (var column = 0; column < reader.FieldCount; column++)
            {
                var name = StorableText.Clean(reader.GetName(column));
                bytes += name.Length + 8;
                var value = CelValue.Null;
                if (!await reader.IsDBNullAsync(column, cancel))
                {
                    await using var stream = await reader.GetStreamAsync(column, cancel);
                    using var content = new MemoryStream();
                    int read;
                    while ((read = await stream.ReadAsync(chunk, cancel)) > 0 && bytes <= query.MaxBytes)
                    {
                        bytes += read;
                        content.Write(chunk, 0, read);
                    }
                    value = bytes <= query.MaxBytes ? DatabaseValues.FromText(Encoding.UTF8.GetString(content.GetBuffer(), 0, (int)content.Length), reader.GetDataTypeName(column)) : value;
                }
                if (bytes > query.MaxBytes)
                    return Error.Refused("database.too_large", $"The rows are larger than {query.MaxBytes} bytes; nothing was changed.");
                row[name] = value;
            }
            rows.Add(CelValue.Map(row));
        }
        await reader.CloseAsync();
        return new DatabaseAnswer(rows, Math.Max(reader.RecordsAffected, 0), bytes, clock.GetElapsedTime(started));
    }

    private static DatabaseFailure Refused(DatabaseServer server, PostgresException e) => e.SqlState switch
    {
        PostgresErrorCodes.QueryCanceled => new(new Error("database.timeout", ErrorKind.Unavailable, $"{server.Host} did not finish the statement in time; nothing was changed."), Retryable: true),
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => Final(Error.Refused("database.sign_in", $"{server.Host} does not let the user in.")),
        _ => new(Error.Refused("database.refused", $"{server.Host} refused the statement ({e.SqlState}): {StorableText.Cut(StorableText.Clean(e.MessageText), 500)}"), e.IsTransient),
    };

    private static DatabaseFailure Final(Error error) => new(error, Retryable: false);
}
