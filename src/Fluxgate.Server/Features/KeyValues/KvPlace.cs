using Fluxgate.Core.KeyValues;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.KeyValues;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.KeyValues;

/// <summary>The scope that a path names, if there is one in the caller's organization.</summary>
internal static class KvPlace
{
    private static readonly Error NoScope = Error.NotFound("kv_scope");

    public static async Task<Result<KvScope>> Scope(Database database, OrganizationCaller caller, string text, CancellationToken cancel)
    {
        if (!KvScope.TryParse(text, out var scope))
            return NoScope;
        return scope.Workflow is not { } workflow || await database.As(caller).QueryOne<bool>($"""
            select exists (select from workflows where organization_id = {caller.Organization} and id = {workflow})
            """, cancel)
            ? scope
            : NoScope;
    }

    /// <summary>The same, and the name's form checked for whoever writes.</summary>
    public static async Task<Result<KvScope>> Write(Database database, OrganizationCaller caller, string text, string key, CancellationToken cancel)
    {
        var scope = await Scope(database, caller, text, cancel);
        return scope.Succeeded && !KvName.Is(key) ? KvErrors.Name : scope;
    }
}
