using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Microsoft.AspNetCore.Mvc;

namespace Fluxgate.Server.Features.Audit;

/// <summary>What the list is narrowed to; each is an exact match, <see cref="From"/> is included and <see cref="To"/> is not.</summary>
public sealed record AuditListQuery
{
    [FromQuery(Name = "type")]
    public string? Type { get; init; }

    [FromQuery(Name = "action")]
    public string? Action { get; init; }

    [FromQuery(Name = "result")]
    public string? Result { get; init; }

    [FromQuery(Name = "resource_kind")]
    public string? ResourceKind { get; init; }

    [FromQuery(Name = "resource_id")]
    public Guid? ResourceId { get; init; }

    [FromQuery(Name = "actor_id")]
    public Guid? ActorId { get; init; }

    [FromQuery(Name = "from")]
    public DateTimeOffset? From { get; init; }

    [FromQuery(Name = "to")]
    public DateTimeOffset? To { get; init; }
}

internal static class ListAuditEvents
{
    public static async Task<Reply<Page<AuditEventResponse>>> Handle(
        OrganizationCaller caller, [AsParameters] AuditListQuery query, PageQuery page, AuditQueries audit, CancellationToken cancel)
    {
        if (Faults(query) is { } invalid)
            return invalid;
        var filter = new AuditFilter(query.Type, query.Action, query.Result, query.ResourceKind, query.ResourceId, query.ActorId, query.From, query.To);
        var events = await audit.List(caller.Organization, filter, page.Before, page.Limit + 1, cancel);
        return Page<AuditEventResponse>.Of([.. events.Select(AuditEventResponse.From)], page.Limit, e => e.Id);
    }

    private static Error? Faults(AuditListQuery query) => new Checks()
        .Text(query.Type ?? " ", "/type", 1, 200)
        .Text(query.Action ?? " ", "/action", 1, 200)
        .Text(query.Result ?? " ", "/result", 1, 200)
        .Text(query.ResourceKind ?? " ", "/resource_kind", 1, 200)
        .That(query.From is not { } from || query.To is not { } to || from <= to, "/to", "range", "to is not before from.")
        .Error();
}
