using System.Net;
using System.Net.Sockets;

namespace Fluxgate.Testing;

public static class FreePort
{
    /// <summary>A port that nothing on that address listens on at this moment.</summary>
    public static int On(string address)
    {
        var listener = new TcpListener(IPAddress.Parse(address), 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return port;
    }
}
