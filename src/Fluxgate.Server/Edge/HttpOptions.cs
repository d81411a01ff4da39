using Fluxgate.Core.Kernel;

namespace Fluxgate.Server.Edge;

/// <summary>Section <c>http</c>: what one connection and one request may take of the server.</summary>
public sealed class HttpOptions : IValidatedOptions
{
    public const string Section = "http";

    /// <summary>Connections at once, 10–1,000,000; more are closed unanswered. Default: 20,000.</summary>
    public int MaxConnections { get; set; } = 20_000;

    /// <summary>Requests at once on one HTTP/2 connection, 1–1000. Default: 100.</summary>
    public int MaxStreams { get; set; } = 100;

    /// <summary>Bytes of a request line, 1024–32,768. Default: 8192.</summary>
    public int MaxRequestLineBytes { get; set; } = 8192;

    /// <summary>Bytes of all headers of a request, 4096–262,144. Default: 32,768.</summary>
    public int MaxHeaderBytes { get; set; } = 32_768;

    /// <summary>Headers of a request, 20–500. Default: 100.</summary>
    public int MaxHeaders { get; set; } = 100;

    /// <summary>Bytes of a body where an address has no limit of its own, 65,536–16,777,216. Default: 1,048,576.</summary>
    public int MaxBodyBytes { get; set; } = 1024 * 1024;

    /// <summary>Seconds in which a request's headers have to be there, 1–120. Default: 15.</summary>
    public int HeaderSeconds { get; set; } = 15;

    /// <summary>Bytes a second below which a body is too slow and its connection is closed, 1–1,000,000. Default: 240.</summary>
    public int MinBodyBytesPerSecond { get; set; } = 240;

    /// <summary>Seconds that a body has before its speed counts, 2–60. Default: 5.</summary>
    public int BodyGraceSeconds { get; set; } = 5;

    /// <summary>Seconds after which a connection without a request is closed, 5–3600. Default: 120.</summary>
    public int KeepAliveSeconds { get; set; } = 120;

    public IEnumerable<string> Faults()
    {
        if (MaxConnections is < 10 or > 1_000_000)
            yield return "http.max_connections is 10–1000000.";
        if (MaxStreams is < 1 or > 1000)
            yield return "http.max_streams is 1–1000.";
        if (MaxRequestLineBytes is < 1024 or > 32_768)
            yield return "http.max_request_line_bytes is 1024–32768.";
        if (MaxHeaderBytes is < 4096 or > 262_144)
            yield return "http.max_header_bytes is 4096–262144.";
        if (MaxHeaders is < 20 or > 500)
            yield return "http.max_headers is 20–500.";
        if (MaxBodyBytes is < 65_536 or > 16_777_216)
            yield return "http.max_body_bytes is 65536–16777216.";
        if (HeaderSeconds is < 1 or > 120)
            yield return "http.header_seconds is 1–120.";
        if (MinBodyBytesPerSecond is < 1 or > 1_000_000)
            yield return "http.min_body_bytes_per_second is 1–1000000.";
        if (BodyGraceSeconds is < 2 or > 60)
            yield return "http.body_grace_seconds is 2–60.";
        if (KeepAliveSeconds is < 5 or > 3600)
            yield return "http.keep_alive_seconds is 5–3600.";
    }
}
