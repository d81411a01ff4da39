using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Egress;

/// <summary>
/// The one HTTP client. Every socket goes through <see cref="GuardedDialer"/>; there is no proxy, no cookie, no
/// redirect followed, no way around certificate verification.
/// </summary>
public sealed class EgressHttp : IDisposable
{
    private readonly EgressOptions options;
    private readonly TimeProvider clock;
    private readonly HttpMessageInvoker http;

    public EgressHttp(EgressOptions options, GuardedDialer dialer, TimeProvider clock)
    {
        this.options = options;
        this.clock = clock;
        http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ActivityHeadersPropagator = null, // our trace ids are nobody else's business
            PreAuthenticate = false,
            Credentials = null,
            ConnectTimeout = options.ConnectTimeout,
            // A pooled connection skips the check, so it does not outlive a change of DNS by much.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            MaxConnectionsPerServer = 64,
            MaxResponseHeadersLength = 64,
            ConnectCallback = async (context, cancel) =>
                new NetworkStream(await dialer.Dial(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancel), ownsSocket: true),
        });
    }

    /// <summary>
    /// The answer, whole, or an error: <c>egress.invalid</c>, <c>egress.blocked</c>, <c>egress.host_not_allowed</c>,
    /// <c>egress.timeout</c>, <c>egress.connect</c>, <c>egress.tls</c>, <c>egress.too_large</c>,
    /// <c>egress.redirect_refused</c>.
    /// </summary>
    public async Task<Result<EgressResponse>> Send(EgressRequest request, CancellationToken cancel)
    {
        var address = request.Address;
        if (EgressRules.Fault(request) is { } fault)
            return fault;
        var limit = request.Timeout > TimeSpan.Zero && request.Timeout < options.MaxTimeout ? request.Timeout : options.MaxTimeout;
        using var deadline = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        var started = clock.GetTimestamp();
        try
        {
            using var message = Message(request);
            using var answer = await http.SendAsync(message, either.Token);
            var status = (int)answer.StatusCode;
            if (status is 301 or 302 or 303 or 307 or 308)
                return EgressErrors.Redirect(address.Host);
            var body = await ReadBody(answer, either.Token);
            if (body is null)
                return EgressErrors.TooLarge(address.Host, options.MaxResponseBytes);
            return new EgressResponse(status, Headers(answer), body, clock.GetElapsedTime(started));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return EgressErrors.Timeout(address.Host);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException)
        {
            return Translate(e, address.Host);
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

    private static Error Translate(Exception exception, string host)
    {
        for (var e = exception; e is not null; e = e.InnerException!)
            switch (e)
            {
                case EgressBlockedException blocked:
                    return EgressErrors.Blocked(host, blocked.Why);
                case AuthenticationException:
                    return EgressErrors.Tls(host);
                case SocketException socket:
                    return EgressErrors.Connect(host, socket.SocketErrorCode.ToString());
                case HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }:
                    return EgressErrors.TooLarge(host, 64 * 1024);
            }
        return EgressErrors.Connect(host, "the connection broke or the answer was not HTTP");
    }

    public void Dispose() => http.Dispose();
}
