using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Egress.Databases;

/// <summary>
/// A PostgreSQL server, field by field: there is no connection string that could say more. <paramref name="Authorities"/> is
/// PEM; null for the system's. Without <paramref name="UseTls"/> everything is readable on the way, so only development takes it.
/// </summary>
public sealed record DatabaseServer(string Host, int Port, string Database, string Username, string Password, string? Authorities, bool UseTls)
{
    public override string ToString() => $"{Host}:{Port}";
}

/// <summary>
/// One statement with <c>$1</c> and so on in its text. The transaction around it ends with everything undone if it takes
/// longer than <paramref name="Timeout"/>, gives more than <paramref name="MaxRows"/> or <paramref name="MaxBytes"/>, or
/// fails.
/// </summary>
public sealed record DatabaseQuery(string Text, IReadOnlyList<CelValue> Parameters, bool ReadOnly, TimeSpan Timeout, int MaxRows, int MaxBytes);

/// <summary>Rows as maps of their columns, and how many rows were changed.</summary>
public sealed record DatabaseAnswer(IReadOnlyList<CelValue> Rows, long Affected, int Bytes, TimeSpan Duration);

/// <summary>A failure; <paramref name="Retryable"/> if nothing was changed and it may go well later.</summary>
public sealed record DatabaseFailure(Error Error, bool Retryable);
