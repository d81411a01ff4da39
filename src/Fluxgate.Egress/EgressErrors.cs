using System.Net.Sockets;
using System.Security.Authentication;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Egress;

/// <summary>Why a request to the outside has no answer. Messages name the host that the caller wrote, and no address that only a resolver knows.</summary>
internal static class EgressErrors
{
    public static Error Invalid(string message) => Error.Invalid("egress.invalid", message);

    public static Error Blocked(string host, string why) =>
        Error.Refused("egress.blocked", $"{host} leads to an address that may not be reached ({why}). An operator can allow it in egress.allow.");

    public static Error NotListed(string host, int port, string whose) =>
        Error.Refused("egress.not_listed", $"{host}:{port} is not on the list of what this {whose} may reach.");

    public static Error HttpsRequired(string host) =>
        Error.Refused("egress.https_required", $"Outside calls are made by https; the address of {host} begins with http.");

    public static Error HostNotAllowed(string host) =>
        Error.Refused("egress.host_not_allowed", $"{host} is not among the hosts that this credential may be sent to.");

    public static Error Timeout(string host) => new("egress.timeout", ErrorKind.Unavailable, $"{host} did not answer in time.");

    public static Error Connect(string host, string why) => new("egress.connect", ErrorKind.Unavailable, $"{host} could not be reached: {why}.");

    public static Error Tls(string host) => new("egress.tls", ErrorKind.Unavailable, $"{host} did not show a certificate that holds for this name.");

    public static Error TooLarge(string host, int limit) => new("egress.too_large", ErrorKind.Unavailable, $"{host} answered with more than {limit} bytes.");

    public static Error Redirect(string host, string why) => new("egress.redirect_refused", ErrorKind.Unavailable, $"{host} answered with a redirect that is not followed: {why}.");

    /// <summary>What an exception of sockets, TLS or HTTP means; the guard's own refusal is found inside.</summary>
    public static Error From(Exception exception, string host)
    {
        for (var e = exception; e is not null; e = e.InnerException!)
            switch (e)
            {
                case EgressBlockedException blocked:
                    return blocked.Refusal;
                case AuthenticationException:
                    return Tls(host);
                case SocketException socket:
                    return Connect(host, socket.SocketErrorCode.ToString());
                case HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }:
                    return TooLarge(host, 64 * 1024);
            }
        return Connect(host, "the connection broke or the answer was not HTTP");
    }
}
