namespace Fluxgate.Server.Hosting;

public enum Profile
{
    Development,
    Staging,
    Production,
}

/// <summary>What holds for the whole installation; top level of the configuration.</summary>
public sealed class InstallationOptions
{
    /// <summary><c>development</c>, <c>staging</c> or <c>production</c>. Production refuses weak settings. Default: production.</summary>
    public Profile Profile { get; set; } = Profile.Production;

    /// <summary>Folder of what is not in the database: generated root key, pointer to the embedded cluster. Default: <c>./data</c>.</summary>
    public string DataDirectory { get; set; } = "data";

    /// <summary>Addresses to listen on, separated by <c>;</c>. Default: <c>http://127.0.0.1:8480</c>.</summary>
    public string Listen { get; set; } = "http://127.0.0.1:8480";

    /// <summary>Least important messages that are logged: <c>trace</c>, <c>debug</c>, <c>information</c>, <c>warning</c>, <c>error</c>. Default: warning in production, information elsewhere.</summary>
    public LogLevel? LogLevel { get; set; }

    /// <summary>The address that people and senders use, for links and origin checks. Default: the first of <see cref="Listen"/>.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>Whether requests with an API key are served; <c>false</c> is the kill switch <c>api</c> in the configuration, which no command lifts. Default: true.</summary>
    public bool PublicApiEnabled { get; set; } = true;
}
