using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Server.Http;

/// <summary>The one row of a setting that an organization changes as a whole; version 0 is what holds without a row.</summary>
internal interface IVersionedSetting
{
    int Version { get; }
}

internal static class VersionedSettings
{
    /// <summary>
    /// Puts <paramref name="next"/> in the place of what <paramref name="current"/> reads and locks, or of <paramref name="none"/>, unless
    /// somebody else has: it is one version after the one that its author saw. <paramref name="write"/> inserts, or changes the row of that
    /// version. <paramref name="entry"/> makes the audit event from what was there before.
    /// </summary>
    public static async Task<Result<Done>> Replace<T>(
        this Transaction transaction, Sql current, T none, T next, Sql write, OrganizationId organization, Func<T, AuditEntry> entry, AuditLog audit, CancellationToken cancel)
        where T : class, IVersionedSetting =>
        await transaction.Replace(await transaction.QueryOptional<T>(current, cancel) ?? none, next, write, organization, entry, audit, cancel);

    /// <summary>The same for what was read and locked already.</summary>
    public static async Task<Result<Done>> Replace<T>(
        this Transaction transaction, T before, T next, Sql write, OrganizationId organization, Func<T, AuditEntry> entry, AuditLog audit, CancellationToken cancel)
        where T : class, IVersionedSetting
    {
        // Of two first ones at once the second finds a row, and changes none.
        if (before.Version != next.Version - 1 || await transaction.Execute(write, cancel) == 0)
            return EntityTag.Stale;
        await audit.Append(transaction, organization, entry(before), cancel);
        return default(Done);
    }
}
