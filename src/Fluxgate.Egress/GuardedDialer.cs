using System.Net;
using System.Net.Sockets;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Egress;

/// <summary>The guard's refusal, on its way through the HTTP stack.</summary>
internal sealed class EgressBlockedException(Error refusal) : Exception(refusal.Message)
{
    public Error Refusal { get; } = refusal;
}

/// <summary>Opens sockets: resolves once, checks every address found, dials a checked one.</summary>
public sealed class GuardedDialer(EgressGuard guard, HostResolver resolve)
{
    /// <summary>The addresses of a host, all of which may be dialled; <see cref="EgressBlockedException"/> if any may not. For clients that open their socket themselves: they get an address, not the name.</summary>
    internal async Task<IPAddress[]> Check(string host, int port, EgressPolicy policy, CancellationToken cancel)
    {
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await resolve(host, cancel);
        if (addresses.Length == 0)
            throw new SocketException((int)SocketError.HostNotFound);
        // One bad address among good ones is a name that tries both: nothing of it is dialled.
        foreach (var address in addresses)
            if (guard.Refusal(host, address, port, policy) is { } refusal)
                throw new EgressBlockedException(refusal);
        return addresses;
    }

    /// <summary>A connected socket; <see cref="EgressBlockedException"/> if any address of the host may not be dialled under <paramref name="policy"/>.</summary>
    internal async Task<Socket> Dial(string host, int port, EgressPolicy policy, CancellationToken cancel)
    {
        var addresses = await Check(host, port, policy, cancel);
        SocketException? last = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), cancel);
                return socket;
            }
            catch (SocketException e)
            {
                last = e;
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        throw last!;
    }
}
