using Fluxgate.Core.Kernel;
using Fluxgate.Server.Http;

namespace Fluxgate.Server.Security;

/// <summary>
/// Stands between routing and the handler: who calls, for which organization, with which right. Order matters:
/// authenticate, then the organization from route or key, then membership, then permission.
/// </summary>
internal sealed class Gate(SessionAuthentication sessions, ApiKeyAuthentication keys, CrossTenantLog crossTenant)
{
    public async Task Pass(HttpContext context, RequestDelegate next)
    {
        var access = context.GetEndpoint()?.Metadata.GetMetadata<EndpointAccess>();
        var route = context.Features.Get<OrganizationRoute>();
        if (access is null && MediaType.IsRefused(context))
        {
            await Problems.Write(context, MediaType.NotTaken);
            return;
        }
        if (access is null || (route is not null && access.Kind != AccessKind.Organization))
        {
            await Problems.Write(context, new Error("route.not_found", ErrorKind.NotFound, "There is no such address."));
            return;
        }
        if (access.Kind != AccessKind.Open && await Refusal(context, access, route, isUse: true) is { } refused)
        {
            await Problems.Write(context, refused);
            return;
        }
        await next(context);
    }

    /// <summary>
    /// The same decision once more, for an answer that goes on for long: what refuses its request by now. It is no use of
    /// the session or key, which would otherwise never be idle, and a member who was removed attempts nothing.
    /// </summary>
    public Task<Error?> Recheck(HttpContext context) =>
        Refusal(context, context.GetEndpoint()!.Metadata.GetRequiredMetadata<EndpointAccess>(), context.Features.Get<OrganizationRoute>(), isUse: false);

    /// <summary>Who presents a key is that key, whatever cookie comes with it: a program's request never rests on a browser's session.</summary>
    private Task<Error?> Refusal(HttpContext context, EndpointAccess access, OrganizationRoute? route, bool isUse) =>
        ApiKeyAuthentication.Presented(context.Request) is { } key ? EnterByKey(context, key, access, route, isUse) : EnterBySession(context, access, route, isUse);

    private async Task<Error?> EnterByKey(HttpContext context, string key, EndpointAccess access, OrganizationRoute? route, bool isUse)
    {
        var caller = await keys.Authenticate(context, key, route, isUse);
        if (caller.Error is { } refused)
            return refused;
        if (access.Kind == AccessKind.Person)
            return new Error("key.no_person", ErrorKind.Forbidden, "This is for signed-in people; an API key is none.");
        return Admit(context, caller.Value, access.Permission!);
    }

    private async Task<Error?> EnterBySession(HttpContext context, EndpointAccess access, OrganizationRoute? route, bool isUse)
    {
        var session = await sessions.Authenticate(context, route?.Name, isUse);
        if (session.Error is { } refused)
            return refused;
        var person = session.Value.Person;
        context.Features.Set(person);
        if (access.Kind == AccessKind.Person)
            return null;
        if (route is null)
            return Error.Invalid("organization.missing", "A person's request names its organization in the route: /v1/orgs/{org}/….");
        // An organization that does not exist and one that the person is not in answer alike.
        if (session.Value.Membership is not { } membership)
        {
            if (isUse)
                crossTenant.Note(person, route);
            return Error.NotFound("organization");
        }
        var caller = new OrganizationCaller(
            membership.OrganizationId, person.User, person.Actor, membership.Roles, BuiltInRoles.PermissionsOf(membership.Roles));
        return Admit(context, caller, access.Permission!);
    }

    private static Error? Admit(HttpContext context, OrganizationCaller caller, Permission permission)
    {
        if (!caller.May(permission))
            return new Error("permission.missing", ErrorKind.Forbidden, $"This needs the permission {permission}.");
        context.Features.Set(caller);
        return null;
    }
}
