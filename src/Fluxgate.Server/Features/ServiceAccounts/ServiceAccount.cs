using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;

namespace Fluxgate.Server.Features.ServiceAccounts;

/// <summary>A program with roles and grants of its own. Its keys may what their scopes and these roles both allow. While it is disabled they are refused.</summary>
public sealed record ServiceAccountResponse(Guid Id, string Name, string Description, IReadOnlyList<string> Roles, bool Disabled, int Revision, DateTimeOffset CreatedAt);

/// <summary><paramref name="Name"/>: 1–100 characters on one line. <paramref name="Roles"/>: 1–20, none beyond the caller's own rights, and not owner.</summary>
public sealed record ServiceAccountRequest(string Name, string[] Roles, string Description = "", bool Disabled = false);

internal sealed record ServiceAccountRow(Guid Id, string Name, string Description, string[] Roles, DateTimeOffset? DisabledAt, int Revision, DateTimeOffset CreatedAt)
{
    public static readonly Error NotFound = Error.NotFound("service_account");
    public static readonly Error NameTaken = Error.Conflict("service_account.name_taken", "Another service account has this name; names are compared without regard to case.");

    public static Sql Columns => $"id, name, description, roles, disabled_at, revision, created_at";

    public ServiceAccountResponse ToResponse() => new(Id, Name, Description, Roles, DisabledAt is not null, Revision, CreatedAt);
}
