namespace Fluxgate.Engine.Anomalies;

/// <summary>Who is watched: an API key by its requests, a connector by its calls.</summary>
public enum ActivitySubject
{
    ApiKey,
    Connector,
}

/// <summary>What can be unusual of a key (the first four) or of a connector.</summary>
public enum AnomalyKind
{
    /// <summary>Many more requests in an hour than in its other hours.</summary>
    Volume,

    /// <summary>Used from a network that it was not used from before.</summary>
    NewNetwork,

    /// <summary>Many of its last requests had a status of 400 or more, 503 aside.</summary>
    ErrorRate,

    /// <summary>Used at an hour of the day at which it is not used.</summary>
    UnusualHours,

    /// <summary>Many more bytes were sent in an hour than in its other hours.</summary>
    OutboundBytes,

    /// <summary>It calls a host that it did not call before.</summary>
    NewHost,
}
