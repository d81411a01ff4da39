namespace Fluxgate.Data.Sessions;

/// <summary>Where PostgreSQL is. Section <c>database</c>; without <see cref="Host"/> a private cluster is started beside the data.</summary>
public sealed class DatabaseOptions
{
    public const string Section = "database";

    /// <summary>Host name, or the folder of a Unix socket. Default: none (embedded cluster).</summary>
    public string? Host { get; set; }

    /// <summary>1–65535. Default: 5432.</summary>
    public int Port { get; set; } = 5432;

    /// <summary>Default: fluxgate.</summary>
    public string Name { get; set; } = "fluxgate";

    /// <summary>Password of each role, for a server that asks for one. Default: none (peer or certificate).</summary>
    public string? Password { get; set; }

    /// <summary>The role that may create roles and the schema; used by <c>migrate</c> only. Default: fluxgate_admin.</summary>
    public string AdminUser { get; set; } = "fluxgate_admin";

    /// <summary>Default: <see cref="Password"/>.</summary>
    public string? AdminPassword { get; set; }
}
