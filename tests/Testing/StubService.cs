using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Fluxgate.Testing;

/// <summary>
/// The outside, played on 127.0.0.2: each test takes a path of its own with <see cref="NewPath"/>, says what it answers and
/// looks at what came. One service serves a whole assembly, since an installation allows its port once, at its start.
/// </summary>
public sealed class StubService : IAsyncDisposable
{
    private readonly WebApplication web;
    private readonly ConcurrentDictionary<string, StubPath> paths = new(StringComparer.Ordinal);

    private StubService(WebApplication web) => this.web = web;

    public Uri Address => new(web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>What an installation needs to reach this service.</summary>
    public (string Key, string Value) EgressSetting => ("egress:allow:0", $"127.0.0.2/32:{Address.Port}");

    public static async Task<StubService> Start()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(k => k.Listen(IPAddress.Parse("127.0.0.2"), 0));
        var web = builder.Build();
        var service = new StubService(web);
        web.Run(service.Answer);
        await web.StartAsync();
        return service;
    }

    /// <summary>A path that nobody else has; it gives <paramref name="answers"/> in turn, the last for ever, 200 with <c>{"ok": true}</c> without any.</summary>
    public StubPath NewPath(params StubAnswer[] answers)
    {
        var name = $"/{Guid.NewGuid():N}";
        return paths[name] = new StubPath(new Uri(Address, name), name, answers.Length == 0 ? [new StubAnswer(200)] : answers);
    }

    private async Task Answer(HttpContext context)
    {
        var request = context.Request;
        var first = "/" + (request.Path.Value ?? "").Split('/').ElementAtOrDefault(1);
        if (!paths.TryGetValue(first, out var path))
        {
            context.Response.StatusCode = 404;
            return;
        }
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var received = new StubRequest(
            request.Method, request.Path.Value!, request.QueryString.Value ?? "", request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray(),
            TimeProvider.System.GetTimestamp());
        var answer = path.Take(received);
        if (answer.Only?.Invoke(received) == false)
            answer = new StubAnswer(401);
        if (answer.Until is { } held)
            await held.WaitAsync(context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (context.RequestAborted.IsCancellationRequested)
        {
            path.Close();
            return;
        }
        if (answer.CutsOff)
        {
            context.Abort();
            return;
        }
        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
            context.Response.Headers[name] = value;
        context.Response.ContentType ??= "application/json";
        if (answer.Status is not (204 or 304))
            await context.Response.WriteAsync(answer.Body);
    }

    public async ValueTask DisposeAsync()
    {
        await web.StopAsync(new CancellationToken(canceled: true));
        await web.DisposeAsync();
    }
}

/// <summary>One answer of a stub.</summary>
public sealed record StubAnswer(int Status, string Body = """{"ok":true}""")
{
    public (string Name, string Value)[] Headers { get; init; } = [];

    /// <summary>The answer waits for this.</summary>
    public Task? Until { get; init; }

    /// <summary>Answers those requests alone; others get 401.</summary>
    public Func<StubRequest, bool>? Only { get; init; }

    /// <summary>The connection is cut instead.</summary>
    public bool CutsOff { get; init; }
}

/// <summary>One request as it came; <paramref name="Timestamp"/> is of the system's <see cref="TimeProvider"/>.</summary>
public sealed record StubRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, byte[] Body, long Timestamp)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);
}

/// <summary>One test's part of a stub.</summary>
public sealed class StubPath(Uri address, string name, StubAnswer[] answers)
{
    private readonly Lock turn = new();
    private readonly List<StubRequest> requests = [];
    private int closed;

    public Uri Address => address;

    public string Name => name;

    public IReadOnlyList<StubRequest> Requests
    {
        get
        {
            lock (turn)
                return [.. requests];
        }
    }

    /// <summary>How many callers have closed their connection before they were answered.</summary>
    public int Closed
    {
        get
        {
            lock (turn)
                return closed;
        }
    }

    internal void Close()
    {
        lock (turn)
            closed++;
    }

    internal StubAnswer Take(StubRequest request)
    {
        lock (turn)
        {
            requests.Add(request);
            return answers[Math.Min(requests.Count, answers.Length) - 1];
        }
    }
}
