using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;

namespace Fluxgate.Server.Features.Folders;

/// <summary>A folder of workflows. <paramref name="Restricted"/>: only whom grants name reaches it and what is in it.</summary>
public sealed record FolderResponse(Guid Id, string Name, bool Restricted, int Revision, DateTimeOffset CreatedAt);

/// <summary>1–200 characters on one line.</summary>
public sealed record FolderRequest(string Name);

internal static class Folder
{
    public static readonly Error NotFound = Error.NotFound("folder");
    public static readonly Error NameTaken = Error.Conflict("folder.name_taken", "Another folder has this name; names are compared without regard to case.");
    public static readonly Error NotEmpty = Error.Conflict("folder.not_empty", "There are workflows in this folder, archived ones too; move them first.");

    /// <summary>Folders <c>f</c>.</summary>
    public static Sql Selection => $"""
        select f.id, f.name, exists (select from restrictions x where x.organization_id = f.organization_id and x.resource_id = f.id) as restricted, f.revision, f.created_at
        from folders f
        """;

    public static Error? Fault(string name) => new Checks().OneLine(name, "/name", 1, 200).Error();
}
