namespace Fluxgate.Egress;

/// <summary>
/// One outgoing HTTP request. <paramref name="Address"/> is http or https, without user name and password.
/// <paramref name="AllowedHosts"/> are the hosts that the request's credential may go to; null if it carries none.
/// <paramref name="Timeout"/> covers everything to the last byte.
/// </summary>
public sealed record EgressRequest(
    HttpMethod Method,
    Uri Address,
    IReadOnlyList<(string Name, string Value)> Headers,
    byte[]? Body,
    TimeSpan Timeout,
    IReadOnlyCollection<AllowedHost>? AllowedHosts)
{
    /// <summary>What the organization that asks may reach.</summary>
    public required EgressPolicy Policy { get; init; }

    /// <summary>A client certificate and trusted authorities, for the first origin alone; null for the ordinary.</summary>
    public EgressTls? Tls { get; init; }

    /// <summary>
    /// How many redirects are followed, one after the other. Each hop is judged as the first one was. Another scheme,
    /// host or port gets none of the headers but those that describe the content, and https never leads to http.
    /// </summary>
    public int MaxRedirects { get; init; }
}

/// <summary>An answer, whatever its status. <paramref name="Address"/> is where it came from, after redirects.</summary>
public sealed record EgressResponse(int Status, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body, TimeSpan Duration, Uri Address);
