using System.Globalization;

namespace Fluxgate.Server.Http;

/// <summary>
/// <c>?limit=</c> (1–200, default 50) and <c>?cursor=</c>, the opaque value of the page before. <see cref="After"/> is
/// the id to go on from in ascending lists, <see cref="Before"/> in descending ones.
/// </summary>
public sealed record PageQuery(int Limit, Guid? Cursor)
{
    private static readonly Guid Last = new("ffffffff-ffff-ffff-ffff-ffffffffffff");

    public Guid After => Cursor ?? Guid.Empty;

    public Guid Before => Cursor ?? Last;

    public static ValueTask<PageQuery?> BindAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var limit = 50;
        if (query.TryGetValue("limit", out var limitText)
            && (!int.TryParse(limitText, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > 200))
            throw new BadHttpRequestException("limit is a number from 1 to 200.");
        Guid? cursor = null;
        if (query.TryGetValue("cursor", out var cursorText))
            cursor = Guid.TryParseExact(cursorText, "N", out var id) ? id : throw new BadHttpRequestException("cursor is the next_cursor of the page before.");
        return ValueTask.FromResult<PageQuery?>(new PageQuery(limit, cursor));
    }
}
