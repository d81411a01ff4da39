using System.Collections.Frozen;
using System.Net;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Edge;

/// <summary>A part of the server that is reached from places of its own.</summary>
internal enum Surface
{
    /// <summary>What strangers send to: hooks, and pages with a client key.</summary>
    Public,
    Api,
    Console,

    /// <summary>What those who run or review the installation look at: audit, metrics.</summary>
    Operator,
}

/// <summary>
/// Answers a request for a surface from elsewhere as one for an address that is not there. The surface is that of the
/// endpoint which routing has found, not of the path's spelling; probes are answered everywhere.
/// </summary>
internal sealed class Surfaces
{
    private readonly FrozenDictionary<Surface, (IReadOnlyList<IPNetwork> Networks, int? Port)> places;
    private readonly FrozenSet<int> namedPorts;

    public Surfaces(SurfaceOptions options)
    {
        places = All(options).ToFrozenDictionary(s => s.Surface, s => (NetworkList.Parse(s.Networks), s.Port));
        namedPorts = All(options).Select(s => s.Port).OfType<int>().ToFrozenSet();
    }

    public static IEnumerable<(Surface Surface, List<string> Networks, int? Port)> All(SurfaceOptions options) =>
    [
        (Surface.Public, options.PublicNetworks, options.PublicPort), (Surface.Api, options.ApiNetworks, options.ApiPort),
        (Surface.Console, options.ConsoleNetworks, options.ConsolePort), (Surface.Operator, options.OperatorNetworks, options.OperatorPort),
    ];

    public Task Pass(HttpContext context, RequestDelegate next) =>
        Of(context) is { } surface && !Answers(surface, context.Connection) ? Problems.Write(context, Problems.NoSuchRoute) : next(context);

    private bool Answers(Surface surface, ConnectionInfo connection)
    {
        var (networks, port) = places[surface];
        if (port is { } own ? connection.LocalPort != own : namedPorts.Contains(connection.LocalPort))
            return false;
        return networks.Count == 0 || (connection.RemoteIpAddress is { } address && NetworkList.Contains(networks, address));
    }

    /// <summary>Null for what is on no surface: probes. Where routing found a path but not its method, the path decides.</summary>
    public static Surface? Of(HttpContext context)
    {
        var text = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? context.Request.Path.Value ?? "";
        var segments = text.Split('/', 3, StringSplitOptions.RemoveEmptyEntries);
        bool Is(int n, string name) => segments.Length > n && segments[n].Equals(name, StringComparison.OrdinalIgnoreCase);
        if (Is(0, "health"))
            return null;
        if (Is(0, "hooks") || (Is(0, "v1") && Is(1, "client")))
            return Surface.Public;
        if (Is(0, "metrics") || (Is(0, "v1") && (Is(1, "audit") || Is(1, "audit-events"))))
            return Surface.Operator;
        return Is(0, "v1") || Is(0, "openapi") ? Surface.Api : Surface.Console;
    }
}
