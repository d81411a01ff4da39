namespace Fluxgate.Data.Audit;

/// <summary>One check of one event. <paramref name="Fault"/> says in words what does not hold; null if it holds.</summary>
public sealed record AuditStep(string Name, bool Holds, string? Fault);

/// <summary>
/// The checks of one event. <paramref name="Pending"/>: recorded but not sealed yet, so that there is no link to check.
/// </summary>
public sealed record EventVerification(bool Valid, bool Pending, long? Index, IReadOnlyList<AuditStep> Steps);

/// <summary>The first entry that fails. <paramref name="Index"/> is null where the fault is at no place of the sealed log.</summary>
public sealed record AuditFailure(long? Index, Guid? EventId, string Step, string Fault);

/// <summary>
/// The checks of a whole log: <paramref name="Events"/> recorded, <paramref name="Sealed"/> entries of the log,
/// <paramref name="Pending"/> events that wait to be sealed, <paramref name="Checked"/> entries that hold.
/// </summary>
public sealed record LogVerification(bool Valid, long Events, long Sealed, long Pending, long Checked, AuditFailure? FirstFailure);
