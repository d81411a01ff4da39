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

    /// <summary>The service account whose key calls, if it is one's.</summary>
    public Guid? ServiceAccount { get; init; }

    /// <summary>The groups that the person is in.</summary>
    public IReadOnlyList<Guid> Groups { get; init; } = [];

    /// <summary>Whether anything of the organization is kept to some; if not, roles alone decide.</summary>
    public bool HasRestrictions { get; init; } = true;

    /// <summary>Whom grants to the caller name: the person and its groups, or the key and its service account.</summary>
    public IEnumerable<Guid> Subjects => ((IEnumerable<Guid?>)[User?.Value, ApiKey, ServiceAccount]).OfType<Guid>().Concat(Groups);

    /// <summary>Whether all that the caller may do is to review: PostgreSQL itself then shows nothing else.</summary>
    public bool OnlyReviews => Permissions.IsSubsetOf(Inbox);

    private static readonly HashSet<Permission> Inbox = [Security.Permissions.ReviewsRead, Security.Permissions.ReviewsDecide];

    /// <summary>The first by name of <paramref name="permissions"/> that the caller lacks; null for none. Nobody gives what they lack.</summary>
    public string? FirstLacking(IEnumerable<string> permissions) =>
        permissions.Except(Permissions.Select(p => p.Name)).Order(StringComparer.Ordinal).FirstOrDefault();

    public bool May(Permission permission) => Permissions.Contains(permission);

    public static ValueTask<OrganizationCaller?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult(context.Features.Get<OrganizationCaller>());
}

internal static class CallerSessions
{
    public static Session As(this Database database, OrganizationCaller caller) => 
        caller.OnlyReviews ? database.Reviewer(caller.Organization, caller.User) : database.Tenant(caller.Organization, caller.User);

    public static Session As(this Database database, PersonCaller caller) => database.Person(caller.User);
}
