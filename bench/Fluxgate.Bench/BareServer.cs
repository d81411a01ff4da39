using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Fluxgate.Bench;

/// <summary>
/// The endpoint of the gate's row without the gate: the same web server, the same row by the same session under row level
/// security, the same JSON, and nothing before or after. A program of the benchmark alone.
/// </summary>
internal static class BareServer
{
    internal sealed record Organization(OrganizationId Id, string Slug, string Name, DateTimeOffset CreatedAt);

    /// <summary>Serves until it is stopped, on the PostgreSQL behind <paramref name="socket"/>.</summary>
    public static async Task Serve(string socket, OrganizationId organization, int port)
    {
        await using var database = new Database(new DatabaseOptions { Host = socket });
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(k => k.AddServerHeader = false).UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddRouting();
        await using var web = builder.Build();
        web.UseRouting();
        web.UseEndpoints(_ => { });
        web.MapGet("/v1/organization", async (CancellationToken cancel) => Results.Json(
            await database.Tenant(organization, null).QueryOne<Organization>($"select id, slug, name, created_at from organizations where id = {organization}", cancel)));
        await web.StartAsync();
        Console.WriteLine("ready");
        await ((IHost)web).WaitForShutdownAsync();
    }
}
