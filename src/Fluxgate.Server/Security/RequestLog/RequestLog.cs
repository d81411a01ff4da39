using System.Net;
using System.Threading.Channels;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Anomalies;
using Fluxgate.Server.Features.RequestLog;

namespace Fluxgate.Server.Security.RequestLog;

/// <summary>
/// Marks every answer and writes down every request whose key or member is known. Rows are written behind the answer,
/// many at once; where the database cannot keep up requests wait, for what nobody recorded nobody can trace.
/// </summary>
internal sealed class RequestLog(Database database, Watermark watermark, ActivityMeter meter, RequestLogOptions options, TimeProvider clock, ILogger<RequestLog> log) : BackgroundService
{
    private const int LargestBatch = 500;
    private const int MostWaiting = 10_000;
    private const int DeletedAtOnce = 5000;
    private const int LongestUserAgent = 200;

    private sealed record Row(RequestIdentity Identity, LoggedRequest Request, string? Operation, int Status, int Milliseconds, IPAddress? Address, string? UserAgent);

    private readonly Channel<Row> queue = Channel.CreateBounded<Row>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    public async Task Pass(HttpContext context, RequestDelegate next)
    {
        var request = LoggedRequest.Of(context, clock);
        var begun = clock.GetTimestamp();
        context.Response.OnStarting(() => Mark(context, request));
        try
        {
            await next(context);
        }
        finally
        {
            // Also of one that broke off after its answer had begun.
            if (context.Features.Get<RequestIdentity>() is { } identity)
                await Keep(context, identity, request, begun);
        }
    }

    private async ValueTask Keep(HttpContext context, RequestIdentity identity, LoggedRequest request, long begun)
    {
        var row = new Row(
            identity, request, context.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName, context.Response.StatusCode,
            (int)clock.GetElapsedTime(begun).TotalMilliseconds, context.Connection.RemoteIpAddress,
            context.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? StorableText.Cut(agent, LongestUserAgent) : null);
        if (!queue.Writer.TryWrite(row))
            await queue.Writer.WriteAsync(row, CancellationToken.None);
    }

    private async Task Mark(HttpContext context, LoggedRequest request)
    {
        try
        {
            context.Response.Headers[Watermark.Header] = await watermark.Of(context.Features.Get<RequestIdentity>() ?? RequestIdentity.Nobody, request, context.RequestAborted);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The key is read anew now and then; an answer that says that the database is away has to get out.
            log.LogWarning(e, "An answer goes out without its watermark");
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Write();

    /// <summary>Takes no more and lets what waits be written.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Writer.TryComplete();
        await base.StopAsync(cancellationToken);
    }

    private async Task Write()
    {
        var batch = new List<Row>(LargestBatch);
        while (await queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            batch.Clear();
            while (batch.Count < LargestBatch && queue.Reader.TryRead(out var row))
                batch.Add(row);
            try
            {
                await Write(batch);
                Note(batch);
            }
            catch (Exception e)
            {
                // Whatever it is: what leaves this loop stops the server.
                log.LogError(e, "{Requests} requests could not be written to the request log", batch.Count);
            }
        }
    }

    private Task<int> Write(List<Row> rows) => database.Platform.Execute($"""
        insert into request_log (organization_id, id, api_key_id, client_key_id, user_id, method, operation, path_hash, status, duration_ms, network, user_agent)
        select * from unnest({rows.Select(r => r.Identity.Organization.Value).ToArray()}, {rows.Select(r => r.Request.Id).ToArray()},
                             {rows.Select(r => r.Identity.ApiKey).ToArray()}, {rows.Select(r => r.Identity.ClientKey).ToArray()}, {rows.Select(r => r.Identity.User?.Value).ToArray()},
                             {rows.Select(r => r.Request.Method).ToArray()}, {rows.Select(r => r.Operation).ToArray()}, {rows.Select(r => r.Request.PathHash).ToArray()},
                             {rows.Select(r => r.Status).ToArray()}, {rows.Select(r => r.Milliseconds).ToArray()},
                             {rows.Select(r => r.Address?.ToString()).ToArray()}, {rows.Select(r => r.UserAgent).ToArray()})
        """, CancellationToken.None);

    /// <summary>After they are in the log, where whoever judges a key looks for them.</summary>
    private void Note(List<Row> rows)
    {
        foreach (var row in rows)
            if (row.Identity.ApiKey is { } key)
                meter.Note(new NotedActivity(row.Identity.Organization, ActivitySubject.ApiKey, key, Uuid.Time(row.Request.Id), 0, row.Address is { } address ? NetworkOf.Address(address) : null));
    }

    /// <summary>Deletes a batch of those whose days are over; whether there may be more.</summary>
    public async Task<bool> DeleteOld(CancellationToken cancel) => await database.Platform.Execute($"""
        delete from request_log r
        using (select organization_id, id from request_log where id < {Uuid.First(clock.GetUtcNow().AddDays(-options.KeepDays))} limit {DeletedAtOnce}) old
        where r.organization_id = old.organization_id and r.id = old.id
        """, cancel) == DeletedAtOnce;
}
