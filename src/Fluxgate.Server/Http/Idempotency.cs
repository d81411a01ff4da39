using System.Security.Cryptography;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Server.Security;
using Microsoft.AspNetCore.Http.Metadata;

namespace Fluxgate.Server.Http;

/// <summary>Marks an endpoint whose answer shows a secret: the answer is not kept, a repeat is told so.</summary>
internal sealed record ShowsSecret;

/// <summary>
/// Requests of an organization that create something and carry <c>Idempotency-Key</c>: a repeat with the same key, of the
/// same credential, to the same route gets the first answer for 24 hours; with another body it is refused. A request
/// that was refused leaves no trace, so it can be mended and sent again.
/// </summary>
internal sealed class Idempotency(Database database, KeyVault vault, TimeProvider clock)
{
    public const string Header = "Idempotency-Key";
    private const string ReplayedHeader = "Idempotency-Replayed";

    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>A request that has no answer after this was cut off by a crash.</summary>
    private static readonly TimeSpan Lost = TimeSpan.FromMinutes(2);

    private static readonly Error BadKey = Error.Invalid("idempotency.key", $"{Header} is 1–100 printable ASCII characters.");
    private static readonly Error Reused = Error.Conflict("idempotency.key_reused", "This key was used for another request; a repeat sends the same body.");
    private static readonly Error UnderWay = Error.Conflict("idempotency.under_way", "The first request with this key is still being answered.");
    private static readonly Error Secret = Error.Conflict("idempotency.secret_not_replayable", "The first request succeeded and showed a secret, which is not shown again.");

    private sealed record AnswerRow(Guid Id, byte[] BodyHash, int? Status, string? Location, byte[]? Answer);

    public static bool IsValidKey(string key) => key.Length is >= 1 and <= 100 && key.All(c => c is >= '!' and <= '~');

    public async Task Pass(HttpContext context, RequestDelegate next)
    {
        var key = context.Request.Headers[Header].ToString();
        if (key.Length == 0 || !Creates(context) || context.Features.Get<OrganizationCaller>() is not { } caller)
        {
            await next(context);
            return;
        }
        if (!IsValidKey(key))
        {
            await Problems.Write(context, BadKey);
            return;
        }
        context.Request.EnableBuffering();
        var bodyHash = await SHA256.HashDataAsync(context.Request.Body, context.RequestAborted);
        context.Request.Body.Position = 0;
        var request = new KeyedRequest(caller, context.Request.Path.Value!, key, bodyHash);

        var taken = await Take(request, context.RequestAborted);
        if (taken.Error is { } refused)
            await Problems.Write(context, refused);
        else if (taken.Value is { Status: { } status } first)
            await Replay(context, caller, first, status);
        else
            await Answer(context, next, request, taken.Value.Id);
    }

    private static bool Creates(HttpContext context)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        return metadata is not null && metadata.OfType<IProducesResponseTypeMetadata>().Any(m => m.StatusCode == StatusCodes.Status201Created);
    }

    private sealed record KeyedRequest(OrganizationCaller Caller, string Route, string Key, byte[] BodyHash)
    {
        public Guid Credential => Caller.ApiKey ?? Caller.User?.Value ?? Guid.Empty;
    }

    /// <summary>The row of this request, without a status if it is this request's to answer.</summary>
    private Task<Result<AnswerRow>> Take(KeyedRequest request, CancellationToken cancel)
    {
        var (organization, now, id) = (request.Caller.Organization, clock.GetUtcNow(), Uuid.New(clock));
        return database.As(request.Caller).Transact<Result<AnswerRow>>(async transaction =>
        {
            // Old ones go when the same organization makes new ones, a few at a time.
            await transaction.Execute($"""
                delete from idempotency_answers where organization_id = {organization} and created_at < {now - Kept}
                """, cancel);
            await transaction.Execute($"""
                delete from idempotency_answers
                where organization_id = {organization} and credential_id = {request.Credential} and route = {request.Route} and key = {request.Key}
                  and status is null and created_at < {now - Lost}
                """, cancel);
            var mine = await transaction.Execute($"""
                insert into idempotency_answers (organization_id, credential_id, route, key, body_hash, id, created_at)
                values ({organization}, {request.Credential}, {request.Route}, {request.Key}, {request.BodyHash}, {id}, {now})
                on conflict do nothing
                """, cancel);
            if (mine == 1)
                return new AnswerRow(id, request.BodyHash, null, null, null);
            var first = await transaction.QueryOptional<AnswerRow>($"""
                select id, body_hash, status, location, answer from idempotency_answers
                where organization_id = {organization} and credential_id = {request.Credential} and route = {request.Route} and key = {request.Key}
                """, cancel);
            if (first is null || first.Status is null)
                return UnderWay;
            return first.BodyHash.AsSpan().SequenceEqual(request.BodyHash) ? first : Reused;
        }, cancel);
    }

    private async Task Replay(HttpContext context, OrganizationCaller caller, AnswerRow first, int status)
    {
        if (first.Answer is null)
        {
            await Problems.Write(context, Secret);
            return;
        }
        var cipher = await vault.For(caller.Organization, context.RequestAborted);
        context.Response.StatusCode = status;
        context.Response.Headers.Location = first.Location;
        context.Response.Headers[ReplayedHeader] = "true";
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.Body.WriteAsync(cipher.Open(SealedField.IdempotencyAnswer, first.Id, first.Answer), context.RequestAborted);
    }

    private async Task Answer(HttpContext context, RequestDelegate next, KeyedRequest request, Guid id)
    {
        var outside = context.Response.Body;
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        try
        {
            await next(context);
        }
        catch
        {
            context.Response.Body = outside;
            await Forget(request, id);
            throw;
        }
        context.Response.Body = outside;
        // Kept before it is sent: an answer that the caller never got is the very case for a repeat.
        if (context.Response.StatusCode == StatusCodes.Status201Created)
            await Keep(context, request, id, answer.ToArray());
        else
            await Forget(request, id);
        answer.Position = 0;
        await answer.CopyToAsync(outside, context.RequestAborted);
    }

    private async Task Keep(HttpContext context, KeyedRequest request, Guid id, byte[] body)
    {
        var secret = context.GetEndpoint()!.Metadata.GetMetadata<ShowsSecret>() is not null;
        var cipher = await vault.For(request.Caller.Organization, CancellationToken.None);
        var sealedAnswer = secret ? null : cipher.Seal(SealedField.IdempotencyAnswer, id, body);
        await database.As(request.Caller).Execute($"""
            update idempotency_answers set status = {context.Response.StatusCode}, location = {context.Response.Headers.Location.ToString()}, answer = {sealedAnswer}
            where organization_id = {request.Caller.Organization} and credential_id = {request.Credential} and route = {request.Route} and key = {request.Key} and id = {id}
            """, CancellationToken.None);
    }

    private Task<int> Forget(KeyedRequest request, Guid id) => database.As(request.Caller).Execute($"""
        delete from idempotency_answers
        where organization_id = {request.Caller.Organization} and credential_id = {request.Credential} and route = {request.Route} and key = {request.Key} and id = {id}
        """, CancellationToken.None);
}
