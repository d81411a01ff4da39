using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.KeyValues;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.KeyValues;

internal static class ListKvEntries
{
    private sealed record EntryRow(Guid Id, WorkflowId? WorkflowId, Guid? FolderId, string Key, string[]? AllowedHosts, long Version, DateTimeOffset? ExpiresAt, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

    /// <summary>The entries of one scope, without their values.</summary>
    public static async Task<Reply<Page<KvEntrySummary>>> Handle(
        OrganizationCaller caller, string scope, PageQuery page, Database database, TimeProvider clock, CancellationToken cancel)
    {
        var place = await KvPlace.Read(database, caller, scope, cancel);
        if (place.Error is { } unknown)
            return unknown;
        var rows = await database.As(caller).Query<EntryRow>($"""
            select id, workflow_id, folder_id, key, allowed_hosts, version, expires_at, created_at, updated_at
            from kv_entries
            where organization_id = {caller.Organization} and workflow_id is not distinct from {place.Value.Workflow} and folder_id is not distinct from {place.Value.Folder} and id > {page.After}
              and (expires_at is null or expires_at > {clock.GetUtcNow()})
            order by id
            limit {page.Limit + 1}
            """, cancel);
        var entries = rows.Select(r => new KvEntry(r.Id, r.WorkflowId, r.FolderId, r.Key, r.AllowedHosts, r.Version, r.ExpiresAt, r.CreatedAt, r.UpdatedAt)).ToList();
        var listed = Page<KvEntry>.Of(entries, page.Limit, e => e.Id);
        return new Page<KvEntrySummary>([.. listed.Items.Select(KvEntrySummary.Of)], listed.NextCursor);
    }
}
