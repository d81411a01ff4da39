using System.Globalization;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Server.Security.ClientKeys;

namespace Fluxgate.Server.Security.Limits;

/// <summary>
/// Charges requests to their limits and says in the answer how they stand, by the fields <c>RateLimit-Policy</c> and
/// <c>RateLimit</c> (draft-ietf-httpapi-ratelimit-headers): a request counts at its caller, and then at the organization.
/// A refusal is counted, and an audit event once a minute.
/// </summary>
internal sealed class RateLimiter(LimitLeases leases, LimitViolations violations, DenialLog denials, TimeProvider clock, ILogger<RateLimiter> log)
{
    public const string Exceeded = "limit.exceeded";

    private readonly OnceAMinute<LimitSubject> addresses = new(clock);

    /// <summary>A request of somebody unknown, or whose credential is refused.</summary>
    public async ValueTask<Error?> ChargeAddress(HttpContext context, int cost)
    {
        var subject = LimitSubject.Of(context.Connection.RemoteIpAddress);
        var refused = await Charge(context, subject, null, cost);
        // No organization has part in it: the operator's log says it.
        if (refused is not null && addresses.IsNew(subject, out var again))
            log.LogWarning("{Address} is over the limit of requests without a credential; {Again} more since the last time", context.Connection.RemoteIpAddress, again);
        return refused;
    }

    /// <summary>A person's request outside of any organization.</summary>
    public async ValueTask<Error?> Charge(HttpContext context, PersonCaller person, int cost)
    {
        var subject = new LimitSubject(LimitName.User, person.User.Value);
        var refused = await Charge(context, subject, null, cost);
        if (refused is not null)
            denials.Note(person, Exceeded, Resource(subject), Exceeded);
        return refused;
    }

    /// <summary>A request in an organization's name. One that is refused anyway, <paramref name="isAdmitted"/> says, is no matter of the organization.</summary>
    public async ValueTask<Error?> Charge(HttpContext context, OrganizationCaller caller, int cost, LimitClass limits, bool isAdmitted)
    {
        if (limits == LimitClass.None)
            return null;
        Error? refused;
        if (caller.ApiKey is not { } key)
            refused = await Charge(context, new LimitSubject(LimitName.User, caller.User!.Value.Value), caller.Organization, caller.Actor, cost);
        else if (limits == LimitClass.Governance)
            refused = await Charge(context, new LimitSubject(LimitName.Governance, key), caller.Organization, caller.Actor, cost)
                ?? await Charge(context, new LimitSubject(LimitName.GovernanceHour, key), caller.Organization, caller.Actor, cost);
        else
            refused = await Charge(context, new LimitSubject(LimitName.Key, key), caller.Organization, caller.Actor, cost);
        return refused ?? (isAdmitted ? await Charge(context, new LimitSubject(LimitName.Organization, caller.Organization.Value), caller.Organization, caller.Actor, cost) : null);
    }

    /// <summary>A request of a page. Its visitor is a stranger and pays by address first, or one could use up what all have.</summary>
    public async ValueTask<Error?> ChargePage(HttpContext context, PageCaller page) =>
        await ChargeAddress(context, 1)
        ?? await Charge(context, new LimitSubject(LimitName.ClientKey, page.Key), page.Organization, page.Actor, 1)
        ?? await ChargeDelivery(context, page.Organization, page.Actor);

    /// <summary>A delivery to a webhook. Its sender is no member, and is not told how busy the organization is.</summary>
    public ValueTask<Error?> ChargeDelivery(HttpContext context, OrganizationId organization, Actor sender) =>
        Charge(context, new LimitSubject(LimitName.Organization, organization.Value), organization, sender, 1, isTold: false);

    private async ValueTask<Error?> Charge(HttpContext context, LimitSubject subject, OrganizationId organization, Actor actor, int cost, bool isTold = true)
    {
        var refused = await Charge(context, subject, (OrganizationId?)organization, cost, isTold);
        if (refused is not null)
        {
            violations.Count(organization, subject);
            denials.Note(actor, organization, Exceeded, Resource(subject), Exceeded);
        }
        return refused;
    }

    private async ValueTask<Error?> Charge(HttpContext context, LimitSubject subject, OrganizationId? organization, int cost, bool isTold = true)
    {
        var charge = await leases.Take(subject, organization, cost, context.RequestAborted);
        if (isTold)
        {
            var headers = context.Response.Headers;
            headers.Append("RateLimit-Policy", charge.Policy);
            headers.Append("RateLimit", string.Create(CultureInfo.InvariantCulture, $"\"{charge.Name}\";r={charge.Remaining};t={(long)Math.Ceiling(charge.Full.TotalSeconds)}"));
        }
        return charge.IsAllowed ? null : TooMany(subject.Limit, charge.Wait);
    }

    private static Error TooMany(LimitName limit, TimeSpan wait) => new(Exceeded, ErrorKind.TooMany, limit switch
    {
        LimitName.Address => "There were too many requests without a valid credential from this network; wait as long as Retry-After says.",
        LimitName.User => "You have sent too many requests; wait as long as Retry-After says.",
        LimitName.Key => "This API key has sent too many requests; wait as long as Retry-After says.",
        LimitName.ClientKey => "The pages with this client key have sent too many requests; wait as long as Retry-After says.",
        LimitName.Organization => "The organization's people, keys and webhooks together have sent too many requests; wait as long as Retry-After says.",
        _ => "This API key has sent too many requests to the governance API; wait as long as Retry-After says.",
    }) { RetryAfter = wait > TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(1) };

    private static AuditResource Resource(LimitSubject subject) => new("limit", subject.Id, SnakeCase.From(subject.Limit));
}
