using System.Net;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Egress;

/// <summary>
/// The one HTTP client. Every socket goes through <see cref="GuardedDialer"/>; there is no proxy, no cookie, no redirect
/// that is not judged, no way around certificate verification. With <paramref name="requireHttps"/>, as everywhere but in
/// development, http is refused.
/// </summary>
public sealed class EgressHttp(EgressOptions options, GuardedDialer dialer, bool requireHttps, TimeProvider clock) : IDisposable
{
    private readonly ConnectionPools pools = new(options, dialer, clock);

    /// <summary>
    /// The answer, whole, or an error: <c>egress.invalid</c>, <c>egress.https_required</c>, <c>egress.blocked</c>,
    /// <c>egress.not_listed</c>, <c>egress.host_not_allowed</c>, <c>egress.timeout</c>, <c>egress.connect</c>,
    /// <c>egress.tls</c>, <c>egress.too_large</c>, <c>egress.redirect_refused</c>.
    /// </summary>
    public async Task<Result<EgressResponse>> Send(EgressRequest request, CancellationToken cancel)
    {
        var limit = request.Timeout > TimeSpan.Zero && request.Timeout < options.MaxTimeout ? request.Timeout : options.MaxTimeout;
        using var deadline = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        var started = clock.GetTimestamp();
        while (true)
        {
            var hop = await Hop(request, started, either.Token, cancel);
            if (hop.Error is { } failed)
                return failed;
            if (hop.Value.Answer is { } answer)
                return answer;
            request = hop.Value.Next!;
        }
    }

    /// <summary>An answer, or the request that a redirect asks for.</summary>
    private sealed record HopResult(EgressResponse? Answer, EgressRequest? Next);

    private async Task<Result<HopResult>> Hop(EgressRequest request, long started, CancellationToken either, CancellationToken cancel)
    {
        var address = request.Address;
        if (EgressRules.Fault(request) is { } fault)
            return fault;
        if (requireHttps && address.Scheme != Uri.UriSchemeHttps)
            return EgressErrors.HttpsRequired(address.Host);
        try
        {
            using var pool = pools.Borrow(request.Policy, request.Tls ?? EgressTls.Ordinary);
            using var message = Message(request);
            using var answer = await pool.Http.SendAsync(message, either);
            var status = (int)answer.StatusCode;
            if (Redirection.IsRedirect(status))
            {
                var next = Redirection.Next(request, status, answer.Headers.TryGetValues("Location", out var locations) ? locations.First() : null);
                return next.Error is { } refused ? refused : new HopResult(null, next.Value);
            }
            var body = await ReadBody(answer, either);
            return body is null
                ? EgressErrors.TooLarge(address.Host, options.MaxResponseBytes)
                : new HopResult(new EgressResponse(status, Headers(answer), body, clock.GetElapsedTime(started), address), null);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return EgressErrors.Timeout(address.Host);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException)
        {
            return EgressErrors.From(e, address.Host);
        }
    }

    private static HttpRequestMessage Message(EgressRequest request)
    {
        var message = new HttpRequestMessage(request.Method, request.Address)
        {
            // HTTP/2 where TLS can agree on it, else 1.1; never 3, which would dial past the guard.
            Version = request.Address.Scheme == Uri.UriSchemeHttps ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = request.Body is null ? null : new ByteArrayContent(request.Body),
        };
        foreach (var (name, value) in request.Headers)
            if (!message.Headers.TryAddWithoutValidation(name, value))
                message.Content?.Headers.TryAddWithoutValidation(name, value);
        return message;
    }

    /// <summary>The body, or null if it is larger than allowed; counted after decompression, so that a small bomb is stopped too.</summary>
    private async Task<byte[]?> ReadBody(HttpResponseMessage answer, CancellationToken cancel)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(cancel);
        using var body = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(chunk, cancel)) > 0)
        {
            if (body.Length + read > options.MaxResponseBytes)
                return null;
            body.Write(chunk, 0, read);
        }
        return body.ToArray();
    }

    private static List<(string Name, string Value)> Headers(HttpResponseMessage answer) =>
        [.. answer.Headers.Concat(answer.Content.Headers).SelectMany(h => h.Value.Select(v => (h.Key, v)))];

    public void Dispose() => pools.Dispose();
}
