using System.Data;
using Fluxgate.Core.Kernel;
using Npgsql;

namespace Fluxgate.Data.Sessions;

/// <summary>
/// A way to query under one role and one set of settings. Outside <see cref="Transact{T}"/> each statement is its own
/// transaction; the settings travel in the same round trip and end with the transaction, so a pooled connection
/// carries nothing to its next user.
/// </summary>
public class Session
{
    private readonly NpgsqlDataSource source;
    private readonly Func<NpgsqlBatchCommand>? settings;

    internal Session(NpgsqlDataSource source, Func<NpgsqlBatchCommand>? settings)
    {
        this.source = source;
        this.settings = settings;
    }

    /// <summary>All rows.</summary>
    public async Task<IReadOnlyList<T>> Query<T>(Sql sql, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        return await StatementRunner.Query<T>(connection, null, settings?.Invoke(), sql, cancel);
    }

    /// <summary>The only row; a bug if there is none or more than one.</summary>
    public async Task<T> QueryOne<T>(Sql sql, CancellationToken cancel) => (await Query<T>(sql, cancel)).Single();

    /// <summary>The only row, or default; a bug if there is more than one.</summary>
    public async Task<T?> QueryOptional<T>(Sql sql, CancellationToken cancel) => (await Query<T>(sql, cancel)).SingleOrDefault();

    /// <summary>The number of rows that the statement changed.</summary>
    public async Task<int> Execute(Sql sql, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        return await StatementRunner.Execute(connection, null, settings?.Invoke(), sql, cancel);
    }

    /// <summary>
    /// Runs <paramref name="work"/> in one transaction (read committed) and commits; rolls back if it throws.
    /// Inside it there is no outside call and no password hashing: a transaction holds locks and a connection.
    /// </summary>
    public async Task<T> Transact<T>(Func<Transaction, Task<T>> work, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        var result = await work(new Transaction(connection, transaction, settings));
        await transaction.CommitAsync(cancel);
        return result;
    }

    /// <summary>As <see cref="Transact{T}"/>, but work that ends in an error is rolled back: a refusal leaves nothing behind.</summary>
    public async Task<Result<T>> Attempt<T>(Func<Transaction, Task<Result<T>>> work, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        var result = await work(new Transaction(connection, transaction, settings));
        if (result.Succeeded)
            await transaction.CommitAsync(cancel);
        return result;
    }

    public Task Transact(Func<Transaction, Task> work, CancellationToken cancel) =>
        Transact(async transaction =>
        {
            await work(transaction);
            return true;
        }, cancel);
}

/// <summary>The statements of one transaction; they share the session's role and settings.</summary>
public sealed class Transaction
{
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;
    private Func<NpgsqlBatchCommand>? pendingSettings;

    internal Transaction(NpgsqlConnection connection, NpgsqlTransaction transaction, Func<NpgsqlBatchCommand>? settings)
    {
        this.connection = connection;
        this.transaction = transaction;
        pendingSettings = settings;
    }

    /// <inheritdoc cref="Session.Query{T}"/>
    public Task<IReadOnlyList<T>> Query<T>(Sql sql, CancellationToken cancel) =>
        StatementRunner.Query<T>(connection, transaction, TakeSettings(), sql, cancel);

    /// <inheritdoc cref="Session.QueryOne{T}"/>
    public async Task<T> QueryOne<T>(Sql sql, CancellationToken cancel) => (await Query<T>(sql, cancel)).Single();

    /// <inheritdoc cref="Session.QueryOptional{T}"/>
    public async Task<T?> QueryOptional<T>(Sql sql, CancellationToken cancel) => (await Query<T>(sql, cancel)).SingleOrDefault();

    /// <inheritdoc cref="Session.Execute"/>
    public Task<int> Execute(Sql sql, CancellationToken cancel) =>
        StatementRunner.Execute(connection, transaction, TakeSettings(), sql, cancel);

    private NpgsqlBatchCommand? TakeSettings()
    {
        var command = pendingSettings?.Invoke();
        pendingSettings = null;
        return command;
    }
}
