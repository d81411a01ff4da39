namespace Fluxgate.Egress;

/// <summary>
/// One outgoing HTTP request. <paramref name="Address"/> is http or https, without user name and password.
/// <paramref name="AllowedHosts"/> are the hosts that the request's credential may go to (<c>api.example.com</c>,
/// <c>*.example.com</c>); null if it carries none. <paramref name="Timeout"/> covers everything to the last byte.
/// </summary>
public sealed record EgressRequest(
    HttpMethod Method,
    Uri Address,
    IReadOnlyList<(string Name, string Value)> Headers,
    byte[]? Body,
    TimeSpan Timeout,
    IReadOnlyCollection<string>? AllowedHosts);

/// <summary>An answer, whatever its status below 300 or from 400 on.</summary>
public sealed record EgressResponse(int Status, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body, TimeSpan Duration);
