using System.ComponentModel;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Data.Sessions;

[TypeConverter(typeof(SnakeCaseConverter<DatabaseTls>))]
public enum DatabaseTls
{
    Disable,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

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

    /// <summary>
    /// <c>disable</c>, <c>prefer</c>, <c>require</c> (any certificate), <c>verify_ca</c> (of a known authority) or <c>verify_full</c>
    /// (and of the host's name), which production demands of a PostgreSQL on another machine. Default: prefer.
    /// </summary>
    public DatabaseTls Tls { get; set; } = DatabaseTls.Prefer;

    /// <summary>File with the authorities that <see cref="Tls"/> knows, in PEM. Default: the machine's own.</summary>
    public string? TlsAuthorityPath { get; set; }

    /// <summary>File with the client's certificate, in PEM. Default: none.</summary>
    public string? TlsCertificatePath { get; set; }

    /// <summary>File with the key of the client's certificate, in PEM. Default: none.</summary>
    public string? TlsKeyPath { get; set; }

    /// <summary>The role that may create roles and the schema; used by <c>migrate</c> and <c>rls check</c> only. Default: fluxgate_admin.</summary>
    public string AdminUser { get; set; } = "fluxgate_admin";

    /// <summary>Default: <see cref="Password"/>.</summary>
    public string? AdminPassword { get; set; }

    /// <summary>Another database of the same server.</summary>
    internal DatabaseOptions Of(string name)
    {
        var other = (DatabaseOptions)MemberwiseClone();
        other.Name = name;
        return other;
    }
}
