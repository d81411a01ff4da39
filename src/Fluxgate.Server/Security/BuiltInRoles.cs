using static Fluxgate.Server.Security.Permissions;

namespace Fluxgate.Server.Security;

/// <summary>The roles that every organization has, with their permissions. Several roles of a member add up.</summary>
public static class BuiltInRoles
{
    public const string Owner = "owner";
    public const string Admin = "admin";
    public const string None = "none";

    private static readonly Permission[] Viewing = [OrganizationRead, WorkflowsRead, RunsRead];

    public static IReadOnlyDictionary<string, IReadOnlySet<Permission>> All { get; } = new Dictionary<string, IReadOnlySet<Permission>>(StringComparer.Ordinal)
    {
        [Owner] = Permissions.All.ToHashSet(),
        [Admin] = Permissions.All.ToHashSet(),
        ["flow_editor"] = Set(Viewing, WorkflowsWrite, WorkflowsPublish, RunsStart, RunsSignal, RunsCancel, ConnectorsRead, CredentialsRead, CredentialsConnect, KvRead, KvWrite, GrantsAct),
        ["flow_executor"] = Set(Viewing, RunsStart, RunsSignal, CredentialsConnect, GrantsAct),
        ["audit_viewer"] = Set([OrganizationRead], AuditRead, AnomaliesWrite),
        ["integration_manager"] = Set(Viewing, ConnectorsRead, ConnectorsWrite, CredentialsRead, CredentialsWrite, CredentialsConnect, WebhooksRead, WebhooksWrite, KvRead, KvWrite, GrantsAct),
        ["analytics_viewer"] = Set([OrganizationRead], RunsRead),
        ["viewer"] = Set(Viewing),
        ["participant"] = Set([OrganizationRead], GrantsAct, ReviewsRead, ReviewsDecide, CredentialsConnect),
        ["reviewer"] = Set([], ReviewsRead, ReviewsDecide),
        [None] = Set([]),
    };

    /// <summary>The union of what <paramref name="roles"/> allow and of the permissions that the organization's own ones among them name; an unknown one allows nothing.</summary>
    public static HashSet<Permission> PermissionsOf(IEnumerable<string> roles, IEnumerable<string> own) =>
        [.. roles.SelectMany(r => All.TryGetValue(r, out var set) ? set : (IEnumerable<Permission>)[]), .. Permissions.Named(own)];

    private static HashSet<Permission> Set(IEnumerable<Permission> first, params IEnumerable<Permission> more) => [.. first, .. more];
}
