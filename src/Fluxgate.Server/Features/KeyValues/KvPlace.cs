using Fluxgate.Core.KeyValues;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.KeyValues;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.KeyValues;

/// <summary>The scope that a path names, if there is one that the caller may read or write: a workflow's and a folder's for those who may see or edit it.</summary>
internal static class KvPlace
{
    private static readonly Error NoScope = Error.NotFound("kv_scope");

    public static Task<Result<KvScope>> Read(Database database, OrganizationCaller caller, string text, CancellationToken cancel) =>
        Scope(database, caller, text, Permissions.KvRead, Right.View, cancel);

    private static async Task<Result<KvScope>> Scope(Database database, OrganizationCaller caller, string text, Permission needed, Right right, CancellationToken cancel)
    {
        if (!KvScope.TryParse(text, out var scope))
            return NoScope;
        if (scope.Folder is { } folder)
            return await database.As(caller).QueryOne<bool>($"""
                select exists (select from folders f where f.organization_id = {caller.Organization} and f.id = {folder} and {Reach.Folders(caller, needed, right)})
                """, cancel)
                ? scope
                : NoScope;
        return scope.Workflow is not { } workflow || await database.As(caller).QueryOne<bool>($"""
            select exists (select from workflows w where w.organization_id = {caller.Organization} and w.id = {workflow} and {Reach.Workflows(caller, needed, right)})
            """, cancel)
            ? scope
            : NoScope;
    }

    public static Task<Result<KvScope>> Write(Database database, OrganizationCaller caller, string text, CancellationToken cancel) =>
        Scope(database, caller, text, Permissions.KvWrite, Right.Edit, cancel);

    /// <summary>The same, and the form of a name that is about to be used checked.</summary>
    public static async Task<Result<KvScope>> Write(Database database, OrganizationCaller caller, string text, string key, CancellationToken cancel)
    {
        var scope = await Write(database, caller, text, cancel);
        return scope.Succeeded && !KvName.Is(key) ? KvErrors.Name : scope;
    }
}
