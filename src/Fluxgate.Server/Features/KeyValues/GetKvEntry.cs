using Fluxgate.Data.Sessions;
using Fluxgate.Engine.KeyValues;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.KeyValues;

internal static class GetKvEntry
{
    /// <summary>The entry of that scope; with <c>nearest=true</c> of the nearest scope that has one, as a workflow reads it.</summary>
    public static async Task<Reply<KvEntryResponse>> Handle(
        OrganizationCaller caller, string scope, string key, HttpContext context, Database database, KvReader reader, CancellationToken cancel, bool nearest = false)
    {
        var place = await KvPlace.Read(database, caller, scope, cancel);
        if (place.Error is { } unknown)
            return unknown;
        var session = database.As(caller);
        var found = nearest
            ? await reader.Nearest(session, caller.Organization, place.Value, key, cancel)
            : await reader.Get(session, caller.Organization, place.Value, key, cancel);
        if (found is not var (entry, value))
            return KvErrors.NotFound;
        EntityTag.Show(context, entry.Version);
        return KvEntryResponse.Of(entry, value);
    }
}
