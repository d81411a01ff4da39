namespace Fluxgate.Server.Security;

/// <summary>
/// One right within an organization, named <c>resource:verb</c>. The same names are the scopes of API keys, so that
/// there is one vocabulary.
/// </summary>
public sealed record Permission(string Name)
{
    public override string ToString() => Name;
}

/// <summary>All permissions. A new one also goes into <see cref="BuiltInRoles"/>.</summary>
public static class Permissions
{
    public static readonly Permission WorkflowsRead = new("workflows:read");
    public static readonly Permission WorkflowsWrite = new("workflows:write");
    public static readonly Permission WorkflowsPublish = new("workflows:publish");
    public static readonly Permission RunsRead = new("runs:read");
    public static readonly Permission RunsReveal = new("runs:reveal");
    public static readonly Permission RunsStart = new("runs:start");
    public static readonly Permission RunsSignal = new("runs:signal");
    public static readonly Permission RunsCancel = new("runs:cancel");
    public static readonly Permission ReviewsRead = new("reviews:read");
    public static readonly Permission ReviewsDecide = new("reviews:approve");
    public static readonly Permission ConnectorsRead = new("connectors:read");
    public static readonly Permission ConnectorsWrite = new("connectors:write");
    public static readonly Permission CredentialsRead = new("credentials:read");
    public static readonly Permission CredentialsWrite = new("credentials:write");
    public static readonly Permission CredentialsConnect = new("credentials:connect");
    public static readonly Permission KvRead = new("kv:read");
    public static readonly Permission KvWrite = new("kv:write");
    public static readonly Permission WebhooksRead = new("webhooks:read");
    public static readonly Permission WebhooksWrite = new("webhooks:write");
    public static readonly Permission AuditRead = new("audit:read");

    /// <summary>To acknowledge what was unusual.</summary>
    public static readonly Permission AnomaliesWrite = new("anomalies:write");

    public static readonly Permission MembersRead = new("members:read");
    public static readonly Permission MembersWrite = new("members:write");
    public static readonly Permission ApiKeysRead = new("api_keys:read");
    public static readonly Permission ApiKeysWrite = new("api_keys:write");
    public static readonly Permission RolesWrite = new("roles:write");
    public static readonly Permission GrantsRead = new("grants:read");
    public static readonly Permission GrantsWrite = new("grants:write");

    /// <summary>To do what is granted on single resources beyond the own role.</summary>
    public static readonly Permission GrantsAct = new("grants:act");

    /// <summary>To reach resources that are kept to others.</summary>
    public static readonly Permission ResourcesAll = new("resources:all");

    public static readonly Permission OrganizationRead = new("organization:read");
    public static readonly Permission OrganizationWrite = new("organization:write");

    /// <summary>Those that <paramref name="names"/> name; names of none are left out.</summary>
    public static IEnumerable<Permission> Named(IEnumerable<string> names)
    {
        var wanted = names.ToHashSet(StringComparer.Ordinal);
        return All.Where(p => wanted.Contains(p.Name));
    }

    public static IReadOnlyList<Permission> All { get; } =
    [
        .. typeof(Permissions).GetFields().Where(f => f.FieldType == typeof(Permission)).Select(f => (Permission)f.GetValue(null)!),
    ];

    /// <summary>The names of all; after <see cref="All"/>, which they are made from.</summary>
    public static IReadOnlySet<string> Names { get; } = All.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
}
