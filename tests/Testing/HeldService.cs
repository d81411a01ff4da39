using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Fluxgate.Testing;

/// <summary>An outside service on 127.0.0.2 that keeps every caller waiting until it is released, and remembers the idempotency keys and the ids of events.</summary>
public sealed class HeldService : IAsyncDisposable
{
    private readonly WebApplication web;
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HeldService(WebApplication web, int port) => (this.web, Port) = (web, port);

    public int Port { get; }

    /// <summary>How often each idempotency key and each event has come.</summary>
    public ConcurrentDictionary<string, int> Calls { get; } = new(StringComparer.Ordinal);

    public static async Task<HeldService> Start()
    {
        var port = FreePort.On("127.0.0.2");
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel().UseUrls($"http://127.0.0.2:{port}");
        builder.Services.AddRouting();
        var web = builder.Build();
        var service = new HeldService(web, port);
        web.UseRouting();
        web.MapPost("/{**path}", (Delegate)service.Answer);
        await web.StartAsync();
        return service;
    }

    public void Release() => released.TrySetResult();

    private async Task<IResult> Answer(HttpContext context)
    {
        var headers = context.Request.Headers;
        Calls.AddOrUpdate((headers["Idempotency-Key"].FirstOrDefault() ?? headers["webhook-id"].FirstOrDefault())!, 1, (_, n) => n + 1);
        await released.Task.WaitAsync(context.RequestAborted);
        return Results.Json(new { ok = true });
    }

    public async ValueTask DisposeAsync()
    {
        Release();
        await web.StopAsync();
        await web.DisposeAsync();
    }
}
