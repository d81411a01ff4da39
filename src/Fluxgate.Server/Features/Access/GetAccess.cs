using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Access;

internal static class GetAccess
{
    /// <summary>Mode and grants; with <c>?member=</c> (a user's id) also what that member may do and why.</summary>
    public static async Task<Reply<AccessResponse>> Handle(
        OrganizationCaller caller, Guid id, Guid? member, HttpContext context, AccessReader reader, Database database, CancellationToken cancel)
    {
        var kind = AccessEndpoints.Kind(context);
        if (await reader.Read(caller, kind, id, cancel) is not var (resource, grants))
            return Error.NotFound(SnakeCase.From(kind));
        SubjectAccess? explanation = null;
        if (member is { } user)
        {
            if (await ExaminedSubjects.Members(database.As(caller), caller.Organization, user, Guid.Empty, 1, cancel) is not [var examined])
                return Error.NotFound("member");
            explanation = Explaining.Of(examined, kind, id, resource, grants);
        }
        EntityTag.Show(context, resource.Revision);
        return Response(id, resource, grants, explanation);
    }

    internal static AccessResponse Response(Guid id, AccessReader.ResourceRow resource, IReadOnlyList<AccessReader.GrantRow> grants, SubjectAccess? explanation) => new(
        Mode(resource.Restricted),
        [.. grants.Where(g => g.ResourceId == id).Select(g => g.ToResponse())],
        resource.FolderId is { } folder
            ? new InheritedAccess(folder, resource.FolderName!, Mode(resource.FolderRestricted), [.. grants.Where(g => g.ResourceId == folder).Select(g => g.ToResponse())])
            : null,
        resource.Revision,
        explanation);

    private static AccessMode Mode(bool restricted) => restricted ? AccessMode.Selected : AccessMode.Everyone;
}
