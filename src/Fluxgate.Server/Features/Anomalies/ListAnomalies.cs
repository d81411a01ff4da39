using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Anomalies;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Microsoft.AspNetCore.Mvc;

namespace Fluxgate.Server.Features.Anomalies;

/// <summary>What the list is narrowed to. <see cref="SubjectId"/> is a key or a connector.</summary>
public sealed record AnomalyListQuery
{
    [FromQuery(Name = "state")]
    public string? State { get; init; }

    [FromQuery(Name = "kind")]
    public string? Kind { get; init; }

    [FromQuery(Name = "subject_id")]
    public Guid? SubjectId { get; init; }
}

internal static class ListAnomalies
{
    /// <summary>Newest first.</summary>
    public static async Task<Reply<Page<AnomalyResponse>>> Handle(OrganizationCaller caller, [AsParameters] AnomalyListQuery query, PageQuery page, Database database, CancellationToken cancel)
    {
        if (new Checks()
            .That(query.State is null || SnakeCase.TryParse<AnomalyState>(query.State, out _), "/state", "unknown", "open or acknowledged.")
            .That(query.Kind is null || SnakeCase.TryParse<AnomalyKind>(query.Kind, out _), "/kind", "unknown", $"One of {string.Join(", ", Enum.GetValues<AnomalyKind>().Select(SnakeCase.From))}.")
            .Error() is { } invalid)
            return invalid;
        var rows = await database.As(caller).Query<AnomalyRow>($"""
            {AnomalyRow.Of(caller.Organization)} and a.id < {page.Before}
              and ({query.State}::text is null or (a.acknowledged_at is null) = ({query.State} = 'open'))
              and ({query.Kind}::text is null or a.kind = {query.Kind})
              and ({query.SubjectId}::uuid is null or a.subject_id = {query.SubjectId})
            order by a.id desc
            limit {page.Limit + 1}
            """, cancel);
        return Page<AnomalyResponse>.Of([.. rows.Select(r => r.ToResponse())], page.Limit, a => a.Id);
    }
}
