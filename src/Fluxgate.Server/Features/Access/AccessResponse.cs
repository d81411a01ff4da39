using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.Access;

public enum AccessMode
{
    /// <summary>Everybody whose role allows it, and whom grants name.</summary>
    Everyone,

    /// <summary>Only whom grants name, and who may reach all resources.</summary>
    Selected,
}

public enum SubjectKind
{
    Member,
    Group,
    ApiKey,
    ServiceAccount,
}

/// <summary>Whom a grant names.</summary>
public sealed record Subject(SubjectKind Kind, Guid Id);

/// <summary>Rights of one subject: view, edit and run on workflows and folders; view, edit and use on connectors and credentials.</summary>
public sealed record Grant(Subject Subject, IReadOnlyList<Right> Rights);

/// <summary>A grant with the name of whom it names: an address, a group's name, a key's prefix.</summary>
public sealed record NamedGrant(Subject Subject, string Name, IReadOnlyList<Right> Rights);

/// <summary>The folder whose access a workflow inherits.</summary>
public sealed record InheritedAccess(Guid FolderId, string FolderName, AccessMode Mode, IReadOnlyList<NamedGrant> Grants);

/// <summary>Who reaches a resource. <paramref name="Explanation"/> is of the member that was asked about.</summary>
public sealed record AccessResponse(AccessMode Mode, IReadOnlyList<NamedGrant> Grants, InheritedAccess? Inherited, int Revision, SubjectAccess? Explanation);

/// <summary>The rights of a member or key on the resource, each with what it comes from or why it is missing.</summary>
public sealed record SubjectAccess(Subject Subject, string Name, IReadOnlyList<string> Roles, IReadOnlyList<RightExplanation> Rights);

/// <summary>
/// <paramref name="Sources"/>: the roles or scopes that give it, or the grants, as text; for a missing one none.
/// </summary>
public sealed record RightExplanation(Right Right, bool Allowed, AccessReason Reason, IReadOnlyList<string> Sources);
