namespace Fluxgate.Server.Security;

/// <summary>
/// One set of paths under two servers: <c>/v1</c> for keys and <c>/v1/orgs/{org}</c> for people. The second is cut to
/// the first before routing, and the organization's name is kept for the gate.
/// </summary>
internal sealed record OrganizationRoute(string Name)
{
    private const string Prefix = "/v1/orgs/";

    public static Task Cut(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path.Value ?? "";
        if (path.StartsWith(Prefix, StringComparison.Ordinal))
        {
            var rest = path.AsSpan(Prefix.Length);
            var slash = rest.IndexOf('/');
            context.Features.Set(new OrganizationRoute((slash < 0 ? rest : rest[..slash]).ToString()));
            context.Request.Path = slash < 0 ? "/v1/organization" : "/v1" + rest[slash..].ToString();
        }
        return next(context);
    }

    /// <summary>The path as the caller wrote it.</summary>
    public static string OriginalPath(HttpContext context) => context.Features.Get<OrganizationRoute>() is { } route
        ? Prefix + route.Name + context.Request.Path.Value!["/v1".Length..]
        : context.Request.Path.Value ?? "";
}
