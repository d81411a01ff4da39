using Fluxgate.Core.Kernel;

namespace Fluxgate.Data.Sessions;

/// <summary>
/// Transactions one after the other for each name, on all nodes. Those of one node wait in line before they take a
/// connection, so that a name that many want leaves the pool to others.
/// </summary>
public sealed class NamedTurns
{
    private readonly WaitingLines lines = new();

    /// <summary>As <see cref="Session.Transact{T}"/>, when it is the caller's turn.</summary>
    public async Task<T> Transact<T>(Session session, string name, Func<Transaction, Task<T>> work, CancellationToken cancel)
    {
        using var turn = await lines.Enter(name, cancel);
        return await session.Transact(transaction => Locked(transaction, name, work, cancel), cancel);
    }

    /// <summary>As <see cref="Session.Attempt{T}"/>, when it is the caller's turn.</summary>
    public async Task<Result<T>> Attempt<T>(Session session, string name, Func<Transaction, Task<Result<T>>> work, CancellationToken cancel)
    {
        using var turn = await lines.Enter(name, cancel);
        return await session.Attempt(transaction => Locked(transaction, name, work, cancel), cancel);
    }

    private static async Task<T> Locked<T>(Transaction transaction, string name, Func<Transaction, Task<T>> work, CancellationToken cancel)
    {
        await transaction.Execute($"select pg_advisory_xact_lock(hashtextextended({name}, 0))", cancel);
        return await work(transaction);
    }
}
