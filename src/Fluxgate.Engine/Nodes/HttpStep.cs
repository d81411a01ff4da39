using System.Globalization;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Egress;
using Fluxgate.Engine.Connections;
using Fluxgate.Engine.Connections.Authentication;
using Fluxgate.Engine.KeyValues;

namespace Fluxgate.Engine.Nodes;

/// <summary>
/// The <c>http</c> node: one request to an endpoint of a connector, with the connector's credential, through the
/// guarded egress. Gives <c>{status, headers, body}</c>; a status from 400 on is a failure.
/// </summary>
public sealed class HttpStep(ConnectionCatalog connections, CircuitBreakers breakers, CallPlaces places, ConnectorSender sender, KvReader keyValues)
{
    /// <summary>Headers that the connection, the credential or the engine sets.</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "TE", "Trailer", "Authorization", "Proxy-Authorization", "Cookie", "Idempotency-Key",
    };

    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(10);

    public async Task<EffectOutcome> Run(StepEffect effect, CancellationToken cancel)
    {
        var resolved = await connections.Resolve(effect.Organization, effect.Literal("connector"), cancel);
        if (resolved.Error is { } unknown)
            return EffectOutcome.Final(unknown);
        if (resolved.Value.MaxConcurrentCalls is null)
            return await Try(effect, resolved.Value, cancel);
        // The step's time runs from when it is its turn.
        await using var place = await places.Take(resolved.Value, effect.Timeout, cancel);
        if (!place.Waited)
            return await Try(effect, resolved.Value, cancel);
        var asItIsNow = await connections.Resolve(effect.Organization, effect.Literal("connector"), cancel);
        return asItIsNow.Error is { } gone ? EffectOutcome.Final(gone) : await Try(effect, asItIsNow.Value, cancel);
    }

    private async Task<EffectOutcome> Try(StepEffect effect, ResolvedConnector connector, CancellationToken cancel)
    {
        if (connector.Endpoint(effect.Literal("endpoint")) is not { } endpoint)
            return EffectOutcome.Final(Error.Refused("http.unknown_endpoint", $"The connector '{connector.Name}' has no endpoint '{effect.Literal("endpoint")}'."));
        if (await breakers.Refusal(BreakerSubject.Of(connector), cancel) is { } wait)
            return new EffectOutcome(new Error("connector.breaker_open", ErrorKind.Unavailable, $"The circuit breaker of the connector '{connector.Name}' is open; no call is made."), Retryable: true, wait);

        var outcome = await EffectOutcome.InTime(effect, inTime => Call(effect, connector, endpoint, inTime), cancel);
        if (ServiceWorks(outcome) is { } works)
            await breakers.Report(BreakerSubject.Of(connector), works, effect.IsLastAttempt, cancel);
        return outcome;
    }

    /// <summary>What an outcome says of the service: an answer, or a failure that may pass. Null if it says nothing, as when we did not call.</summary>
    private static bool? ServiceWorks(EffectOutcome outcome) =>
        outcome.Retryable || outcome.Value.Error?.Code == "egress.tls" ? false : outcome.Call?.Status is null ? null : true;

    private async Task<EffectOutcome> Call(StepEffect effect, ResolvedConnector connector, ConnectorEndpoint endpoint, CancellationToken cancel)
    {
        var address = HttpAddress.Build(connector.BaseUrl, endpoint.Path, effect.Setting("parameters"), effect.Setting("query"));
        if (address.Error is { } badAddress)
            return EffectOutcome.Final(badAddress);
        var headers = Headers(effect);
        if (headers.Error is { } badHeader)
            return EffectOutcome.Final(badHeader);
        var body = effect.Setting("body") is { } value ? value.ToJson() : null;
        if (body is not null)
            headers.Value.Add(("Content-Type", MediaTypeNames.Application.Json));

        var secrets = await SecretHeaders.Add(effect, keyValues, address.Value, headers.Value, Reserved, cancel);
        if (secrets.Error is { } badSecret)
            return EffectOutcome.Final(badSecret);
        var request = new ConnectorRequest(new HttpMethod(endpoint.Method), address.Value, headers.Value, body, TimeSpan.FromSeconds(endpoint.TimeoutSeconds));
        var sent = await sender.Send(connector, request, new CredentialUser(effect.Workflow, effect.Run, effect.Node.Id, effect.Starter), cancel);
        if (sent.Error is { } unsent)
            return new EffectOutcome(unsent, IsTransient(unsent), null);
        var (response, credential, token) = sent.Value;
        var call = new OutsideCall(effect.Node.Id, connector.Name, address.Value.Authority, endpoint.Method, null, 0, body?.Length ?? 0, 0)
        {
            Credential = credential is null ? null : (credential.Name, credential.SecretVersion),
        };
        if (response.Error is { } failed)
            return new EffectOutcome(failed, IsTransient(failed), null) { Call = call };
        var answer = response.Value;
        var echo = new SecretEcho(credential?.Secret, token is null ? secrets.Value : [.. secrets.Value, token]);
        return Read(answer, echo, isSensitive: effect.Node.Sensitive.Count > 0) with
        {
            Call = call with
            {
                Status = answer.Status, Milliseconds = (int)answer.Duration.TotalMilliseconds, BytesIn = answer.Body.Length,
                RedirectedTo = answer.Address.Authority == address.Value.Authority ? null : answer.Address.Authority,
            },
        };
    }

    private static Result<List<(string Name, string Value)>> Headers(StepEffect effect)
    {
        var headers = new List<(string, string)>
        {
            ("Accept", "application/json"),
            ("User-Agent", "Fluxgate"),
            // The same for every attempt, after a crash too, so that a service that knows the header does the work once.
            ("Idempotency-Key", effect.IdempotencyKey),
        };
        if (effect.Setting("headers") is not { } map)
            return headers;
        if (map.Kind != CelKind.Map)
            return Error.Refused("http.headers", "'headers' is a map.");
        foreach (var (key, value) in map.AsMap)
        {
            var name = key.AsString;
            if (Reserved.Contains(name))
                return Error.Refused("http.reserved_header", $"The header {name} is set by Fluxgate.");
            if (value.Kind != CelKind.String || value.AsString.Length > 4000 || value.AsString.Any(c => c is < ' ' or > '~') || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
                return Error.Refused("http.header", $"The value of the header {name} is not printable ASCII of up to 4000 characters.");
            headers.Add((name, value.AsString));
        }
        return headers;
    }

    private static EffectOutcome Read(EgressResponse answer, SecretEcho echo, bool isSensitive)
    {
        if (answer.Status < 400)
        {
            return new EffectOutcome(CelValue.Map(
                ("status", CelValue.From((long)answer.Status)),
                ("headers", echo.Hide(Headers(answer))),
                ("body", echo.Hide(Body(answer)))), Retryable: false, null);
        }
        var retryable = answer.Status is 408 or 429 or >= 500 and not 501 and not 505;
        var retryAfter = retryable ? RetryAfter(answer) : null;
        return new EffectOutcome(
            new Error("http.status", ErrorKind.Refused, $"The service answered {answer.Status}: {(isSensitive ? "(sensitive)" : Excerpt(answer.Body, echo))}"), retryable, retryAfter);
    }

    private static CelValue Headers(EgressResponse answer) => CelValue.Map(answer.Headers
        .Where(h => !h.Name.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase))
        .GroupBy(h => h.Name.ToLowerInvariant(), StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => CelValue.From(StorableText.Clean(string.Join(", ", g.Select(h => h.Value)))), StringComparer.Ordinal));

    private static CelValue Body(EgressResponse answer)
    {
        if (answer.Body.Length == 0)
            return CelValue.Null;
        var type = answer.Headers.FirstOrDefault(h => h.Name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)).Value ?? "";
        if (type.Contains("json", StringComparison.OrdinalIgnoreCase))
        {
            try
            {
                return CelValue.FromJson(answer.Body);
            }
            catch (JsonException)
            {
                // Said to be JSON and is not: the text is what there is.
            }
        }
        return CelValue.From(StorableText.Clean(Encoding.UTF8.GetString(answer.Body)));
    }

    /// <summary>The beginning of the body. The secret is taken out before the cut, which could leave a part of it.</summary>
    private static string Excerpt(byte[] body, SecretEcho echo)
    {
        var text = StorableText.Cut(echo.Hide(StorableText.Clean(Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 64 * 1024))))), 500);
        return text.Length == 0 ? "(no body)" : text;
    }

    private static TimeSpan? RetryAfter(EgressResponse answer)
    {
        var text = answer.Headers.FirstOrDefault(h => h.Name.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)).Value;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return null;
        var wait = TimeSpan.FromSeconds(seconds);
        return wait < LongestRetryAfter ? wait : LongestRetryAfter;
    }

    private static bool IsTransient(Error error) => error.Code is "egress.timeout" or "egress.connect" or "connector.sign_in_unavailable";
}
