namespace Fluxgate.Core.Kernel;

/// <summary>One page of a list. <paramref name="NextCursor"/> is opaque and null on the last page.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor)
{
    /// <summary>Cuts <paramref name="rows"/>, read with a limit of <paramref name="limit"/> + 1, to a page.</summary>
    public static Page<T> Of(IReadOnlyList<T> rows, int limit, Func<T, Guid> id) =>
        rows.Count > limit
            ? new Page<T>([.. rows.Take(limit)], id(rows[limit - 1]).ToString("N"))
            : new Page<T>(rows, null);
}
