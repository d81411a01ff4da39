using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Engine.Switches;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security.Access;
using Fluxgate.Server.Security.Limits;
using Fluxgate.Server.Security.RequestLog;

namespace Fluxgate.Server.Security;

/// <summary>
/// Stands between routing and the handler: who calls, for which organization, with which right. Order matters:
/// kill switches, authenticate, then the organization from route or key, then membership, then permission and the right on what the route
/// names, then the limits: of the caller, who pays for refusals too, and then of the organization. Who is not known, or shows
/// a credential that is not taken, pays by network address; who is known never does.
/// </summary>
internal sealed class Gate(SwitchGate switches, SessionAuthentication sessions, ApiKeyAuthentication keys, ResourceGate resources, RateLimiter limiter, DenialLog denials)
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
            await Problems.Write(context, Problems.NoSuchRoute);
            return;
        }
        if (await switches.Refusal(context) is { } off)
        {
            await Problems.Write(context, off);
            return;
        }
        var refusal = access.Kind == AccessKind.Open ? await Anybody(context) : await Refusal(context, access, route, isUse: true);
        if (refusal is { } refused)
        {
            await Problems.Write(context, refused);
            return;
        }
        // Before the answer goes out: whoever reads it finds what they changed. Another node knows it within a second.
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method) && context.GetEndpoint()!.Metadata.GetMetadata<ChangesNoAccess>() is null)
            context.Response.OnStarting(() =>
            {
                keys.Forget();
                return Task.CompletedTask;
            });
        await next(context);
    }

    /// <summary>
    /// The same decision once more, for an answer that goes on for long: what refuses its request by now. It is no use of
    /// the session or key, which would otherwise never be idle, and a member who was removed attempts nothing.
    /// </summary>
    public async Task<Error?> Recheck(HttpContext context) => await switches.Refusal(context) ??
        await Refusal(context, context.GetEndpoint()!.Metadata.GetRequiredMetadata<EndpointAccess>(), context.Features.Get<OrganizationRoute>(), isUse: false);

    private async ValueTask<Error?> Anybody(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        return endpoint.CountsAs() is LimitClass.None or LimitClass.ByHandler ? null : await limiter.ChargeAddress(context, endpoint.Cost());
    }

    /// <summary>A try at a credential: without this, keys and sessions could be guessed as fast as we answer.</summary>
    private async ValueTask<Error> NotAuthenticated(HttpContext context, Error refused, bool isUse) =>
        isUse && await limiter.ChargeAddress(context, 1) is { } over ? over : refused;

    /// <summary>Who presents a key is that key, whatever cookie comes with it: a program's request never rests on a browser's session.</summary>
    private Task<Error?> Refusal(HttpContext context, EndpointAccess access, OrganizationRoute? route, bool isUse) =>
        ApiKeyAuthentication.Presented(context.Request) is { } key ? EnterByKey(context, key, access, route, isUse) : EnterBySession(context, access, route, isUse);

    private async Task<Error?> EnterByKey(HttpContext context, string key, EndpointAccess access, OrganizationRoute? route, bool isUse)
    {
        var caller = await keys.Authenticate(context, key, route, isUse);
        if (caller.Error is { } refused)
            return await NotAuthenticated(context, refused, isUse);
        if (await switches.Refusal(Entrance.Api, caller.Value.Organization, context.RequestAborted) is { } off)
            return off;
        if (access.Kind == AccessKind.Person)
            return isUse && await Charge(context, caller.Value, isAdmitted: false) is { } over ? over : new Error("key.no_person", ErrorKind.Forbidden, "This is for signed-in people; an API key is none.");
        return await Enter(context, caller.Value, access.Permission!, isUse);
    }

    private async Task<Error?> EnterBySession(HttpContext context, EndpointAccess access, OrganizationRoute? route, bool isUse)
    {
        var session = await sessions.Authenticate(context, route?.Name, isUse);
        if (session.Error is { } refused)
            return await NotAuthenticated(context, refused, isUse);
        var person = session.Value.Person;
        context.Features.Set(person);
        // Outside of an organization, or in none of the person's, only the person can be charged.
        if ((access.Kind == AccessKind.Person || route is null || session.Value.Membership is null) && isUse && await limiter.Charge(context, person, context.GetEndpoint().Cost()) is { } over)
            return over;
        if (access.Kind == AccessKind.Person)
            return null;
        if (route is null)
            return Error.Invalid("organization.missing", "A person's request names its organization in the route: /v1/orgs/{org}/….");
        // An organization that does not exist and one that the person is not in answer alike.
        if (session.Value.Membership is not { } membership)
        {
            if (isUse)
                denials.NoteCrossTenant(person, route);
            return Error.NotFound("organization");
        }
        context.Features.Set(new RequestIdentity(membership.OrganizationId, null, person.User));
        var caller = new OrganizationCaller(
            membership.OrganizationId, person.User, person.Actor, membership.Roles, membership.Permissions)
        {
            Groups = membership.Groups, HasRestrictions = membership.HasRestrictions,
        };
        return await Enter(context, caller, access.Permission!, isUse);
    }

    private async Task<Error?> Enter(HttpContext context, OrganizationCaller caller, Permission permission, bool isUse)
    {
        var refused = await Admit(context, caller, permission);
        if (isUse && refused is { Kind: ErrorKind.Forbidden })
            denials.Note(caller.Actor, caller.Organization, "access.denied", new AuditResource("endpoint", null, context.GetEndpoint()!.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName), $"{refused.Code} {permission}");
        return isUse && await Charge(context, caller, isAdmitted: refused is null) is { } over ? over : refused;
    }

    private ValueTask<Error?> Charge(HttpContext context, OrganizationCaller caller, bool isAdmitted) =>
        limiter.Charge(context, caller, context.GetEndpoint().Cost(), context.GetEndpoint().CountsAs(), isAdmitted);

    private async Task<Error?> Admit(HttpContext context, OrganizationCaller caller, Permission permission)
    {
        var metadata = context.GetEndpoint()!.Metadata;
        if (metadata.GetMetadata<ResourceAccess>() is { } resource)
        {
            if (await resources.Refusal(caller, permission, resource, context.Request.RouteValues["id"]?.ToString(), context.RequestAborted) is { } refused)
                return refused;
        }
        else if (!caller.May(permission) && !(caller.May(Permissions.GrantsAct) && metadata.GetMetadata<FilteredAccess>() is { } filtered && Rights.StandFor(filtered.Kind, filtered.Right, permission)))
            return ResourceGate.PermissionMissing(permission);
        context.Features.Set(caller);
        return null;
    }
}
