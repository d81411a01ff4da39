using System.Reflection;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Server.Security;

/// <summary>A signed-in person; handlers of <see cref="AccessKind.Person"/> endpoints take it as a parameter.</summary>
public sealed record PersonCaller(UserId User, Actor Actor, Guid SessionId, string Email, string DisplayName, string CsrfToken)
{
    public static ValueTask<PersonCaller?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult(context.Features.Get<PersonCaller>());
}

/// <summary>
/// Who calls on behalf of an organization, after the gate has checked the endpoint's permission. Handlers take it as a
/// parameter: without it there is no organization id, and without that no query.
/// </summary>
public sealed record OrganizationCaller(OrganizationId Organization, UserId? User, Actor Actor, IReadOnlyList<string> Roles, IReadOnlySet<Permission> Permissions)
{
    /// <summary>The API key that calls, if it is no person.</summary>
    public Guid? ApiKey { get; init; }

    public bool May(Permission permission) => Permissions.Contains(permission);

    public static ValueTask<OrganizationCaller?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult(context.Features.Get<OrganizationCaller>());
}

internal static class CallerSessions
{
    public static Session As(this Database database, OrganizationCaller caller) => database.Tenant(caller.Organization, caller.User);

    public static Session As(this Database database, PersonCaller caller) => database.Person(caller.User);
}
