using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fluxgate.Engine.Deliveries;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Fluxgate.Cli.Demo;

/// <summary>
/// The outside world of the demo, on 127.0.0.2: an ERP that wants a bearer token, fails now and then and posts each
/// idempotency key once, and a receiver of signed webhooks. Both write files, so that a killed demo forgets nothing.
/// </summary>
internal sealed class DemoServices : IAsyncDisposable
{
    public const string Host = "127.0.0.2";

    /// <summary>Every so many new invoices the ERP is "overloaded" once.</summary>
    private const int FailsEvery = 7;

    private readonly WebApplication web;
    private readonly DemoState state;
    private readonly AppendOnlyFile posted;
    private readonly AppendOnlyFile received;
    private readonly ConcurrentDictionary<string, string> postedIds = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> verifiedIds = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> failedOnce = new(StringComparer.Ordinal);
    private int requests;
    private int wrongSignatures;

    private DemoServices(WebApplication web, DemoState state, string directory)
    {
        (this.web, this.state) = (web, state);
        posted = new AppendOnlyFile(Path.Combine(directory, "erp-invoices.jsonl"));
        received = new AppendOnlyFile(Path.Combine(directory, "received-webhooks.jsonl"));
        foreach (var line in posted.Read())
            postedIds[line["key"]!.GetValue<string>()] = line["id"]!.GetValue<string>();
        foreach (var line in received.Read())
            verifiedIds[line["id"]!.GetValue<string>()] = true;
    }

    /// <summary>Invoices in the ERP.</summary>
    public int Posted => postedIds.Count;

    /// <summary>Distinct webhook ids whose signature was right.</summary>
    public int Verified => verifiedIds.Count;

    public int WrongSignatures => wrongSignatures;

    /// <summary>Set as soon as the endpoint exists; before that no webhook can arrive.</summary>
    public string? WebhookSecret { get; set; }

    public static async Task<DemoServices> Start(int port, DemoState state, string directory, CancellationToken cancel)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel().UseUrls($"http://{Host}:{port}");
        builder.Services.AddRouting();
        var web = builder.Build();
        var services = new DemoServices(web, state, directory) { WebhookSecret = state.WebhookSecret };
        web.UseRouting();
        web.MapPost("/erp/invoices", (Delegate)services.PostInvoice);
        web.MapPost("/received", (Delegate)services.Receive);
        await web.StartAsync(cancel);
        return services;
    }

    private async Task<IResult> PostInvoice(HttpContext context)
    {
        var authorization = Encoding.UTF8.GetBytes(context.Request.Headers.Authorization.ToString());
        if (!CryptographicOperations.FixedTimeEquals(authorization, Encoding.UTF8.GetBytes($"Bearer {state.ErpToken}")))
            return Results.Json(new { error = "A bearer token is needed." }, statusCode: 401);
        var key = context.Request.Headers["Idempotency-Key"].ToString();
        if (key.Length == 0)
            return Results.Json(new { error = "An Idempotency-Key is needed." }, statusCode: 400);
        if (postedIds.TryGetValue(key, out var known))
            return Results.Json(new { id = known, repeated = true });
        if (Interlocked.Increment(ref requests) % FailsEvery == 0 && failedOnce.TryAdd(key, 0))
            return Results.Json(new { error = "Overloaded, try again." }, statusCode: 503);
        var invoice = (await JsonNode.ParseAsync(context.Request.Body))!;
        if (invoice["number"] is null || invoice["amount"] is null)
            return Results.Json(new { error = "number and amount are needed." }, statusCode: 422);
        var id = $"ERP-{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 5))}";
        lock (posted)
            if (postedIds.TryAdd(key, id))
                posted.Append(new JsonObject { ["key"] = key, ["id"] = id, ["invoice"] = invoice });
        return Results.Json(new { id }, statusCode: 201);
    }

    private async Task<IResult> Receive(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer);
        var headers = context.Request.Headers;
        var (id, time, signature) = (headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(), headers["webhook-signature"].ToString());
        var expected = WebhookSecret is { } secret && long.TryParse(time, out var seconds)
            ? StandardWebhooks.Sign(secret, id, DateTimeOffset.FromUnixTimeSeconds(seconds), buffer.ToArray())
            : "";
        if (expected.Length == 0 || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(signature)))
        {
            Interlocked.Increment(ref wrongSignatures);
            return Results.StatusCode(401);
        }
        lock (received)
            if (verifiedIds.TryAdd(id, true))
                received.Append(new JsonObject { ["id"] = id, ["event"] = JsonNode.Parse(buffer.ToArray()) });
        return Results.StatusCode(204);
    }

    public async ValueTask DisposeAsync()
    {
        await web.StopAsync();
        await web.DisposeAsync();
        posted.Dispose();
        received.Dispose();
    }
}
