using System.Net.Sockets;
using System.Security.Authentication;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Egress;

/// <summary>Which exceptions are the connection's, whatever the protocol, and which of its errors may pass.</summary>
internal static class EgressFailures
{
    /// <summary>An error <c>egress.…</c>; null if the exception is none of the connection's.</summary>
    public static Error? Of(Exception exception, string host)
    {
        for (var e = exception; e is not null; e = e.InnerException!)
            if (e is EgressBlockedException or AuthenticationException or SocketException or IOException)
                return EgressErrors.From(e, host);
        return null;
    }

    /// <summary>Whether the same may go well a moment later.</summary>
    public static bool IsTransient(Error error) => error.Code is "egress.timeout" or "egress.connect";
}
