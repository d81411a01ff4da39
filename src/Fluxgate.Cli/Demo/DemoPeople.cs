namespace Fluxgate.Cli.Demo;

/// <summary>One person for each of the four who use Fluxgate.</summary>
internal sealed record DemoPerson(string Email, string DisplayName, string[] Roles, string Does);

internal static class DemoPeople
{
    public const string OrganizationName = "Acme";
    public const string OrganizationSlug = "acme";

    public static readonly DemoPerson Operator = new("olivia@acme.test", "Olivia Operator", ["owner"], "owns the organization and runs the installation");
    public static readonly DemoPerson Builder = new("ben@acme.test", "Ben Builder", ["flow_editor", "integration_manager"], "builds workflows and connections");
    public static readonly DemoPerson Reviewer = new("rita@acme.test", "Rita Reviewer", ["reviewer"], "decides reviews, and sees nothing else");
    public static readonly DemoPerson Officer = new("sam@acme.test", "Sam Security", ["audit_viewer"], "reads and verifies the audit");

    /// <summary>Those that the owner invites.</summary>
    public static readonly DemoPerson[] Invited = [Builder, Reviewer, Officer];

    public static readonly DemoPerson[] All = [Operator, .. Invited];
}
