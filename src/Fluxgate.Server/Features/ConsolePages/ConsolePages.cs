using System.Security.Cryptography;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Limits;
using Microsoft.Extensions.FileProviders;

namespace Fluxgate.Server.Features.ConsolePages;

/// <summary>
/// The console: built files as they are, and one page for every address of it, rendered with a fresh nonce so that its
/// policy needs no <c>unsafe-inline</c>.
/// </summary>
internal static class ConsolePages
{
    private static readonly PathString[] ProgramPaths = ["/v1", "/hooks", "/health", "/openapi", "/assets"];

    private const string NoncePlaceholder = "__CSP_NONCE__";

    public static void MapConsole(this WebApplication web)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "console");
        var index = Path.Combine(folder, "index.html");
        if (!File.Exists(index))
        {
            web.Logger.LogWarning("The console is not built; only the API is served.");
            return;
        }
        var page = File.ReadAllText(index);
        var assets = new PhysicalFileProvider(Path.Combine(folder, "assets"));
        web.MapGet("/assets/{**file}", (string file, HttpContext context) => Asset(assets, file, context))
            .IsOpen("the console's own files hold no data").LimitedAs(LimitClass.None).ExcludeFromDescription();
        // GET alone and last: a catch-all for every method would take requests that a route of the API answers better.
        web.MapGet("/{**path}", (HttpContext context) => Page(context, page)).WithOrder(int.MaxValue)
            .IsOpen("the console's page holds no data; what it shows comes from the API").LimitedAs(LimitClass.None).ExcludeFromDescription();
    }

    private static IResult Asset(PhysicalFileProvider assets, string file, HttpContext context)
    {
        var info = assets.GetFileInfo(file);
        if (!info.Exists || info.IsDirectory)
            return Results.NotFound();
        // Names carry a hash of the content.
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return Results.File(info.CreateReadStream(), ContentType(file));
    }

    private static IResult Page(HttpContext context, string page)
    {
        // Addresses of programs, never pages: a wrong one is told so, and not answered with a page of status 200.
        if (Array.Exists(ProgramPaths, prefix => context.Request.Path.StartsWithSegments(prefix)))
            return Problems.From(Problems.NoSuchRoute);
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        context.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; " +
            "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        return Results.Content(page.Replace(NoncePlaceholder, nonce, StringComparison.Ordinal), "text/html; charset=utf-8");
    }

    private static string ContentType(string file) => Path.GetExtension(file) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".woff2" => "font/woff2",
        ".png" => "image/png",
        _ => "application/octet-stream",
    };
}
