using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Egress;

/// <summary>What a TLS server showed. <paramref name="Version"/> as in <c>TLS 1.3</c>.</summary>
public sealed record TlsFacts(string Version, string Subject, string Issuer, DateTimeOffset ExpiresAt);

/// <summary>Tries the first parts of a connection one by one, under the same guard as the calls themselves.</summary>
public sealed class EgressProbe(EgressOptions options, GuardedDialer dialer, TimeProvider clock)
{
    /// <summary>Whether the host resolves and its port answers. Errors: <c>egress.blocked</c>, <c>egress.not_listed</c>, <c>egress.timeout</c>, <c>egress.connect</c>.</summary>
    public Task<Result<Done>> Reach(Uri address, EgressPolicy policy, CancellationToken cancel) =>
        Try<Done>(address, async either =>
        {
            using var socket = await dialer.Dial(address.IdnHost, address.Port, policy, either);
            return default;
        }, cancel);

    /// <summary>What the server shows in a TLS greeting. Errors: as <see cref="Reach"/>, and <c>egress.tls</c>.</summary>
    public Task<Result<TlsFacts>> Greet(Uri address, EgressPolicy policy, EgressTls? tls, CancellationToken cancel) =>
        Try<TlsFacts>(address, async either =>
        {
            await using var stream = new SslStream(new NetworkStream(await dialer.Dial(address.IdnHost, address.Port, policy, either), ownsSocket: true));
            var greeting = (tls ?? EgressTls.Ordinary).Options();
            greeting.TargetHost = address.IdnHost;
            await stream.AuthenticateAsClientAsync(greeting, either);
            using var certificate = new X509Certificate2(stream.RemoteCertificate!);
            var version = stream.SslProtocol == SslProtocols.Tls13 ? "TLS 1.3" : "TLS 1.2";
            return new TlsFacts(version, certificate.Subject, certificate.Issuer, certificate.NotAfter.ToUniversalTime());
        }, cancel);

    private async Task<Result<T>> Try<T>(Uri address, Func<CancellationToken, Task<T>> attempt, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(options.ConnectTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        try
        {
            return await attempt(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return EgressErrors.Timeout(address.Host);
        }
        catch (Exception e) when (e is EgressBlockedException or SocketException or AuthenticationException or IOException)
        {
            return EgressErrors.From(e, address.Host);
        }
    }
}
