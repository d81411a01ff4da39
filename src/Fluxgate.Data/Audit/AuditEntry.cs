using Fluxgate.Core.Kernel;

namespace Fluxgate.Data.Audit;

/// <summary>
/// One fact to record. <paramref name="Type"/> names it (<c>workflow.published</c>); <paramref name="Action"/> is its
/// verb: create, update, delete, read, execute, sign_in, decide, deny. No secret belongs in any part of it.
/// </summary>
public sealed record AuditEntry(string Type, string Action, Actor Actor, AuditResource Resource)
{
    /// <summary>success, denied or failed.</summary>
    public string Result { get; init; } = "success";

    /// <summary>What else a reader needs.</summary>
    public AuditObject? Details { get; init; }

    /// <summary>The changed members as they were.</summary>
    public AuditObject? Before { get; init; }

    /// <summary>The changed members as they are now.</summary>
    public AuditObject? After { get; init; }
}

/// <summary>What the event is about. <paramref name="Name"/> is its name at that time.</summary>
public sealed record AuditResource(string Kind, Guid? Id, string? Name);
