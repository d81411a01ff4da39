using Fluxgate.Core.Kernel;

namespace Fluxgate.Server.Security.Access;

/// <summary>What grants are about.</summary>
public enum ResourceKind
{
    Workflow,
    Folder,
    Connector,
    Credential,
}

/// <summary>What somebody may do with one resource.</summary>
public enum Right
{
    /// <summary>See it: of a workflow its document and what its runs did.</summary>
    View,

    /// <summary>Change it; includes seeing it.</summary>
    Edit,

    /// <summary>Start a workflow, and answer what its runs wait for.</summary>
    Run,

    /// <summary>Name a connector in a workflow, or a credential in either, without seeing or changing it.</summary>
    Use,
}

/// <summary>Which rights there are on what, and which permissions a grant of them stands for.</summary>
public static class Rights
{
    public static IReadOnlyList<Right> Of(ResourceKind kind) => kind switch
    {
        ResourceKind.Workflow or ResourceKind.Folder => [Right.View, Right.Edit, Right.Run],
        _ => [Right.View, Right.Edit, Right.Use],
    };

    /// <summary>The permission that gives the right on every resource of the kind that is everybody's.</summary>
    public static Permission PermissionFor(ResourceKind kind, Right right) => (kind, right) switch
    {
        (ResourceKind.Workflow or ResourceKind.Folder, Right.View) => Permissions.WorkflowsRead,
        (ResourceKind.Workflow or ResourceKind.Folder, Right.Edit) => Permissions.WorkflowsWrite,
        (ResourceKind.Workflow or ResourceKind.Folder, Right.Run) => Permissions.RunsStart,
        (ResourceKind.Connector, Right.View or Right.Use) => Permissions.ConnectorsRead,
        (ResourceKind.Connector, Right.Edit) => Permissions.ConnectorsWrite,
        (ResourceKind.Credential, Right.View or Right.Use) => Permissions.CredentialsRead,
        (ResourceKind.Credential, Right.Edit) => Permissions.CredentialsWrite,
        _ => throw new ArgumentOutOfRangeException(nameof(right), right, $"There is no such right on a {SnakeCase.From(kind)}."),
    };

    /// <summary>
    /// Whether a grant of <paramref name="right"/> lets somebody in who lacks <paramref name="permission"/>. Publishing,
    /// ending and revealing are no part of any right: those take the permission.
    /// </summary>
    public static bool StandFor(ResourceKind kind, Right right, Permission permission) =>
        permission == PermissionFor(kind, right)
        || (kind is ResourceKind.Workflow or ResourceKind.Folder
            && ((right == Right.View && permission == Permissions.RunsRead) || (right == Right.Run && permission == Permissions.RunsSignal)));

    /// <summary>Whether who was granted <paramref name="granted"/> has <paramref name="right"/> by it.</summary>
    public static bool Include(IReadOnlyCollection<Right> granted, Right right) =>
        granted.Contains(right) || (right == Right.View && granted.Contains(Right.Edit));
}
