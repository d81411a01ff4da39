using System.Globalization;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Server.Http;

/// <summary>
/// The version of a resource as its <c>ETag</c> (RFC 9110, section 8.8.3). An edit names the version it was made from in
/// <c>If-Match</c>, so that two people do not overwrite each other unseen.
/// </summary>
internal static class EntityTag
{
    public static readonly Error Stale = new("resource.stale", ErrorKind.Stale, "The resource has changed since you read it; read it again.");

    private static readonly Error Missing = new(
        "precondition.missing", ErrorKind.PreconditionMissing, "An edit needs the header If-Match with the ETag of the version it was made from.");

    public static void Show(HttpContext context, long version) => context.Response.Headers.ETag = Text(version);

    /// <summary>As <see cref="Named"/>; an error without the header.</summary>
    public static Result<int> Required(HttpContext context)
    {
        if (context.Request.Headers.IfMatch.Count == 0)
            return Missing;
        var named = Named(context);
        return named.Succeeded && named.Value <= int.MaxValue ? (int)named.Value : Stale;
    }

    /// <summary>The version that <c>If-Match</c> names. A weak, foreign or several tags name none of ours: stale.</summary>
    public static Result<long> Named(HttpContext context)
    {
        var text = context.Request.Headers.IfMatch.ToString();
        return text.Length > 2 && long.TryParse(text.AsSpan()[1..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var version) && text == Text(version)
            ? version
            : Stale;
    }

    private static string Text(long version) => $"\"{version.ToString(CultureInfo.InvariantCulture)}\"";
}
