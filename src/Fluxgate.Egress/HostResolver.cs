using System.Net;

namespace Fluxgate.Egress;

/// <summary>All addresses of a host name. In tests another function stands here, so that a name can change its mind.</summary>
public delegate Task<IPAddress[]> HostResolver(string host, CancellationToken cancel);

public static class HostResolvers
{
    /// <summary>The system's resolver.</summary>
    public static readonly HostResolver System = (host, cancel) => Dns.GetHostAddressesAsync(host, cancel);
}
