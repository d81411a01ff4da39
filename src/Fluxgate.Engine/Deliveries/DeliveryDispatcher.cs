using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Egress;
using Fluxgate.Engine.Connections;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Deliveries;

/// <summary>
/// Sends outgoing webhooks. Events in the outbox become one delivery for each endpoint that wants them; due deliveries
/// are claimed by moving their due time ahead, so that a crash only delays them. Every try is recorded; the receiver
/// knows a repeat by its webhook id.
/// </summary>
internal sealed class DeliveryDispatcher(
    Database database, KeyVault vault, EgressPolicies policies, EgressHttp egress, DeliverySignal signal, TimeProvider clock, ILogger<DeliveryDispatcher> log) : BackgroundService
{
    private const int BatchSize = 100;

    /// <summary>Deliveries under way on one node, and of one organization.</summary>
    private const int AtOnce = 64;
    private const int AtOnceEach = 8;

    private readonly ConcurrentDictionary<OrganizationId, int> sending = new();

    /// <summary>Waits of 2, 4, 8 … s, at most an hour: 12 attempts reach over about an hour and a half.</summary>
    private static readonly RetryPolicy Retry = new(12, TimeSpan.FromSeconds(2), 2, TimeSpan.FromHours(1), Jitter: true);

    /// <summary>How long a claimed delivery is left alone: an attempt's time and some more. A node that dies with it costs that long.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    /// <summary>Bytes of an answer that are kept.</summary>
    private const int ResponseBytes = 4096;

    private sealed record EventRow(OrganizationId OrganizationId, Guid Id);

    private sealed record WorkRow(OrganizationId OrganizationId, Guid DeliveryId);

    private sealed record DeliveryRow(Guid EventId, byte[] Payload, int Attempts, DateTimeOffset CreatedAt, Guid EndpointId, string Url, byte[] Secret, bool Enabled);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var moved = await FanOut(stoppingToken) + await SendDue(stoppingToken);
                if (moved == 0)
                    await signal.Wait(Poll, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e)
            {
                log.LogError(e, "Sending webhooks failed; it goes on in a moment");
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Turns events into deliveries; the event's row leaves in the same transaction.</summary>
    private async Task<int> FanOut(CancellationToken cancel)
    {
        var events = await database.Platform.Query<EventRow>($"select organization_id, id from outbox order by id limit {BatchSize}", cancel);
        if (events.Count == 0)
            return 0;
        var organizations = events.Select(e => e.OrganizationId.Value).ToArray();
        var ids = events.Select(e => e.Id).ToArray();
        var seeds = events.Select(_ => Uuid.New(clock)).ToArray();
        var now = clock.GetUtcNow();
        // A delivery's id is drawn from (event, endpoint), in the time of the event's seed: two nodes that fan the same
        // event out at once delete its row once, and only the one that deleted it inserts.
        await database.Engine([.. events.Select(e => e.OrganizationId).Distinct()]).Execute($"""
            with gone as (
                delete from outbox o using unnest({organizations}::uuid[], {ids}::uuid[], {seeds}::uuid[]) as e(organization_id, id, seed)
                where o.organization_id = e.organization_id and o.id = e.id
                returning o.organization_id, o.id, o.event_type, o.payload, e.seed
            ), wanted as (
                select g.organization_id, g.id as event_id, g.event_type, g.payload, w.id as endpoint_id,
                    (left(g.seed::text, 24) || left(md5(g.id::text || w.id::text), 12))::uuid as id
                from gone g join webhook_endpoints w on w.organization_id = g.organization_id and w.enabled
                    and (w.event_types @> array[g.event_type] or '*' = any (w.event_types))
            ), made as (
                insert into deliveries (organization_id, id, endpoint_id, event_id, event_type, payload, state, attempts, created_at)
                select organization_id, id, endpoint_id, event_id, event_type, payload, 'pending', 0, {now} from wanted
            )
            insert into delivery_work (organization_id, delivery_id, due_at) select organization_id, id, {now} from wanted
            """, cancel);
        return events.Count;
    }

    /// <summary>
    /// Begins what is due and does not wait for it: an endpoint that hangs holds its organization's places for a while
    /// and nobody else's.
    /// </summary>
    private async Task<int> SendDue(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var room = AtOnce - sending.Values.Sum();
        if (room <= 0)
            return 0;
        var full = sending.Where(s => s.Value >= AtOnceEach).Select(s => s.Key.Value).ToArray();
        // Of two nodes that choose the same delivery the second finds its due time moved ahead and leaves it.
        var due = await database.Platform.Query<WorkRow>($"""
            update delivery_work w set due_at = {now + Lease}
            from (
                select organization_id, delivery_id
                from (select organization_id, delivery_id, due_at, row_number() over (partition by organization_id order by due_at) as turn
                      from delivery_work where due_at <= {now} and organization_id <> all ({full})) r
                where turn <= {AtOnceEach}
                order by turn, due_at
                limit {room}
            ) d
            where w.organization_id = d.organization_id and w.delivery_id = d.delivery_id and w.due_at <= {now}
            returning w.organization_id, w.delivery_id
            """, cancel);
        foreach (var work in due)
        {
            sending.AddOrUpdate(work.OrganizationId, 1, (_, count) => count + 1);
            _ = Task.Run(() => SendAlone(work, cancel), CancellationToken.None);
        }
        return due.Count;
    }

    private async Task SendAlone(WorkRow work, CancellationToken cancel)
    {
        try
        {
            await Send(work, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The server stops; the delivery comes back after its lease.
        }
        catch (Exception e)
        {
            log.LogError(e, "Delivery {Delivery} could not be sent; it comes back after its lease", work.DeliveryId);
        }
        finally
        {
            sending.AddOrUpdate(work.OrganizationId, 0, (_, count) => count - 1);
            sending.TryRemove(KeyValuePair.Create(work.OrganizationId, 0));
            signal.Raise();
        }
    }

    private async Task Send(WorkRow work, CancellationToken cancel)
    {
        var session = database.Engine(work.OrganizationId);
        var row = await session.QueryOptional<DeliveryRow>($"""
            select d.event_id, d.payload, d.attempts, d.created_at, e.id as endpoint_id, e.url, e.secret, e.enabled
            from deliveries d join webhook_endpoints e on e.organization_id = d.organization_id and e.id = d.endpoint_id
            where d.organization_id = {work.OrganizationId} and d.id = {work.DeliveryId}
            """, cancel);
        if (row is null)
        {
            // The endpoint was deleted: nobody wants the event any more.
            await session.Execute($"delete from delivery_work where organization_id = {work.OrganizationId} and delivery_id = {work.DeliveryId}", cancel);
            return;
        }
        var cipher = await vault.For(work.OrganizationId, cancel);
        var body = cipher.Open(SealedField.DeliveryPayload, row.EventId, row.Payload);
        var secret = Encoding.UTF8.GetString(cipher.Open(SealedField.WebhookEndpointSecret, row.EndpointId, row.Secret));
        var started = clock.GetUtcNow();
        var id = row.EventId.ToString();
        var answer = await egress.Send(new EgressRequest(
            HttpMethod.Post, new Uri(row.Url),
            [
                ("Content-Type", "application/json"),
                ("User-Agent", "Fluxgate"),
                ("webhook-id", id),
                ("webhook-timestamp", started.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
                ("webhook-signature", StandardWebhooks.Sign(secret, id, started, body)),
            ],
            body, AttemptTimeout, null) { Policy = await policies.Of(work.OrganizationId, cancel) }, cancel);
        await Record(session, work, row, cipher, started, answer, cancel);
    }

    private async Task Record(
        Session session, WorkRow work, DeliveryRow row, OrganizationCipher cipher, DateTimeOffset started, Result<EgressResponse> answer, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var attempt = row.Attempts + 1;
        var status = answer.Succeeded ? answer.Value.Status : (int?)null;
        var succeeded = status is >= 200 and < 300;
        // 410 Gone is the receiver's word that it wants no more (Standard Webhooks, "Operational considerations").
        var state = succeeded ? "succeeded" : attempt >= Retry.Attempts || status == 410 ? "failed" : "pending";
        var response = answer.Succeeded && answer.Value.Body.Length > 0
            ? cipher.Seal(SealedField.DeliveryResponse, work.DeliveryId, answer.Value.Body.AsSpan(0, Math.Min(answer.Value.Body.Length, ResponseBytes)))
            : null;
        var next = now + Retry.WaitAfter(attempt, RandomNumberGenerator.GetInt32(1 << 20) / (double)(1 << 20));
        var finished = state == "pending" ? (DateTimeOffset?)null : now;
        var final = state != "pending";
        await session.Execute($"""
            with tried as (
                insert into delivery_attempts (organization_id, delivery_id, attempt, started_at, duration_ms, status, error_code, response)
                values ({work.OrganizationId}, {work.DeliveryId}, {attempt}, {started}, {(int)(now - started).TotalMilliseconds}, {status}, {answer.Error?.Code}, {response})
                on conflict do nothing
            ), updated as (
                update deliveries set state = {state}, attempts = {attempt}, finished_at = {finished}
                where organization_id = {work.OrganizationId} and id = {work.DeliveryId}
            ), done as (
                delete from delivery_work where {final} and organization_id = {work.OrganizationId} and delivery_id = {work.DeliveryId}
            )
            update delivery_work set due_at = {next} where not {final} and organization_id = {work.OrganizationId} and delivery_id = {work.DeliveryId}
            """, cancel);
    }
}
