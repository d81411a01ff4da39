using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.KeyValues;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.KeyValues;

internal static class DeleteKvEntry
{
    /// <summary>Deletes the entry; with <c>If-Match</c> only that version of it.</summary>
    public static async Task<NoContent> Handle(
        OrganizationCaller caller, string scope, string key, HttpContext context, Database database, KvStore store, AuditLog audit, CancellationToken cancel)
    {
        var place = await KvPlace.Write(database, caller, scope, cancel);
        if (place.Error is { } unknown)
            return unknown;
        var precondition = KvPreconditions.Of(context);
        if (precondition.Error is { } wrong)
            return wrong;
        return await store.Change<Done>(database.As(caller), caller.Organization, place.Value, key, async turn =>
        {
            var deleted = await store.Delete(turn, precondition.Value, cancel);
            if (deleted.Error is { } error)
                return error;
            await audit.Append(turn.Transaction, caller.Organization, KvAudit.Entry("kv.deleted", "delete", caller, deleted.Value), cancel);
            return default(Done);
        }, cancel);
    }
}
