using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Access;

internal static class ListReach
{
    /// <summary>Everybody who has any right on the resource, with what it comes from: members by page, and on the first the keys.</summary>
    public static async Task<Reply<Page<SubjectAccess>>> Handle(
        OrganizationCaller caller, Guid id, PageQuery page, HttpContext context, AccessReader reader, Database database, TimeProvider clock, CancellationToken cancel)
    {
        var kind = AccessEndpoints.Kind(context);
        if (await reader.Read(caller, kind, id, cancel) is not var (resource, grants))
            return Error.NotFound(SnakeCase.From(kind));
        var session = database.As(caller);
        var members = Page<Examined>.Of(await ExaminedSubjects.Members(session, caller.Organization, null, page.After, page.Limit + 1, cancel), page.Limit, m => m.Subject.Id);
        var keys = page.After == Guid.Empty ? await ExaminedSubjects.Keys(session, caller.Organization, clock.GetUtcNow(), cancel) : [];
        return new Page<SubjectAccess>(
            [.. keys.Concat(members.Items).Select(who => Explaining.Of(who, kind, id, resource, grants)).Where(a => a.Rights.Any(r => r.Allowed))], members.NextCursor);
    }
}
