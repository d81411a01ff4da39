using Fluxgate.Core.Kernel;

namespace Fluxgate.Engine.Storage;

/// <summary>Section <c>storage</c>: room that must be left, or no new runs are taken.</summary>
public sealed class StorageOptions : IValidatedOptions
{
    public const string Section = "storage";

    /// <summary>Folder whose file system is watched. Default: that of the embedded PostgreSQL; of another PostgreSQL none.</summary>
    public string? Directory { get; set; }

    /// <summary>Megabytes that must be free there, 0–10,000,000; 0 watches nothing. Default: 512.</summary>
    public int MinFreeMegabytes { get; set; } = 512;

    /// <summary>Megabytes that the database may have, 1–1,000,000,000: for a PostgreSQL whose disk this server does not see. Default: as many as there is room for.</summary>
    public int? MaxDatabaseMegabytes { get; set; }

    /// <summary>Seconds between looks, 1–3600. Default: 5.</summary>
    public int CheckSeconds { get; set; } = 5;

    public IEnumerable<string> Faults()
    {
        if (Directory is not null && !System.IO.Directory.Exists(Directory))
            yield return "storage.directory is a folder that exists.";
        if (MinFreeMegabytes is < 0 or > 10_000_000)
            yield return "storage.min_free_megabytes is 0–10000000.";
        if (MaxDatabaseMegabytes is < 1 or > 1_000_000_000)
            yield return "storage.max_database_megabytes is 1–1000000000.";
        if (CheckSeconds is < 1 or > 3600)
            yield return "storage.check_seconds is 1–3600.";
    }
}
