namespace Fluxgate.Data.Sessions;

/// <summary>The roles of the database; none is a member of another, since membership would inherit policies.</summary>
internal static class DatabaseRole
{
    /// <summary>Owns every object and migrates; never used to serve.</summary>
    public const string Owner = "fluxgate_owner";

    /// <summary>Serves requests; sees what <c>auth.organization_id()</c> and <c>auth.uid()</c> allow.</summary>
    public const string App = "fluxgate_app";

    /// <summary>Runs, journal, audit and deliveries of the organizations that one batch names.</summary>
    public const string Engine = "fluxgate_engine";

    /// <summary>Narrow tables of due work and sign-in, across organizations.</summary>
    public const string Platform = "fluxgate_platform";

    /// <summary>Owns the search functions; cannot sign in.</summary>
    public const string Search = "fluxgate_search";

    public static readonly IReadOnlyList<string> All = [Owner, App, Engine, Platform, Search];
}
