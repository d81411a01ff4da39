using Fluxgate.Core.Expressions;
using Fluxgate.Core.KeyValues;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Egress;
using Fluxgate.Engine.Connections;

namespace Fluxgate.Engine.KeyValues;

/// <summary>A secret for the moment of one call, and where it may go.</summary>
internal sealed class KvSecret(string value, IReadOnlyList<AllowedHost> allowedHosts)
{
    public string Value => value;

    public bool AllowsHost(string host, int port) => allowedHosts.Any(h => h.Allows(host, port));

    public override string ToString() => "(secret)";
}

/// <summary>Reads entries; the nearest scope wins. An entry whose time is over is absent.</summary>
public sealed class KvReader(Database database, KeyVault vault, TimeProvider clock)
{
    /// <summary>The entry of that very scope with its value, which for a secret is null. Null if there is none.</summary>
    public Task<(KvEntry Entry, CelValue Value)?> Get(Session session, OrganizationId organization, KvScope scope, string key, CancellationToken cancel) =>
        Find(session, organization, scope, key, outward: false, cancel);

    /// <summary>The same of the nearest scope that has one.</summary>
    public Task<(KvEntry Entry, CelValue Value)?> Nearest(Session session, OrganizationId organization, KvScope scope, string key, CancellationToken cancel) =>
        Find(session, organization, scope, key, outward: true, cancel);

    /// <summary>For a step of a workflow: a map of the names to their nearest values, null for what is absent. No secret is among them.</summary>
    public async Task<CelValue> Values(OrganizationId organization, WorkflowId workflow, IReadOnlyCollection<string> names, CancellationToken cancel)
    {
        string[] readable = [.. names.Where(n => !KvName.IsSecret(n))];
        var rows = await Rows(database.Engine(organization), organization, KvScope.Of(workflow), readable, outward: true, cancel);
        var cipher = await vault.For(organization, cancel);
        return CelValue.Map(readable.ToDictionary(n => n, n => NearestOf(rows, n) is { } row ? row.Open(cipher) : CelValue.Null, StringComparer.Ordinal));
    }

    /// <summary>The nearest secret of that name; null if there is none. To be asked just before the call, not to be kept.</summary>
    internal async Task<KvSecret?> Secret(OrganizationId organization, WorkflowId workflow, string name, CancellationToken cancel)
    {
        if (!KvName.IsSecret(name) || NearestOf(await Rows(database.Engine(organization), organization, KvScope.Of(workflow), [name], outward: true, cancel), name) is not { } row)
            return null;
        return new KvSecret(row.Open(await vault.For(organization, cancel)).AsString, ConnectionCatalog.Parse(row.AllowedHosts ?? []));
    }

    private async Task<(KvEntry Entry, CelValue Value)?> Find(Session session, OrganizationId organization, KvScope scope, string key, bool outward, CancellationToken cancel)
    {
        if (NearestOf(await Rows(session, organization, scope, [key], outward, cancel), key) is not { } row)
            return null;
        return (row.Entry, KvName.IsSecret(key) ? CelValue.Null : row.Open(await vault.For(organization, cancel)));
    }

    private Task<IReadOnlyList<KvRow>> Rows(Session session, OrganizationId organization, KvScope scope, string[] names, bool outward, CancellationToken cancel) =>
        session.Query<KvRow>($"""
            select {KvRow.Columns} from kv_entries
            where organization_id = {organization} and key = any ({names}) and (expires_at is null or expires_at > {clock.GetUtcNow()})
              and ((workflow_id is not distinct from {scope.Workflow} and folder_id is not distinct from {scope.Folder})
                   or ({outward} and workflow_id is null and (folder_id is null
                       or folder_id = (select w.folder_id from workflows w where w.organization_id = {organization} and w.id = {scope.Workflow}))))
            """, cancel);

    private static KvRow? NearestOf(IReadOnlyList<KvRow> rows, string name) =>
        rows.Where(r => r.Key == name).OrderBy(r => r.WorkflowId is not null ? 0 : r.FolderId is not null ? 1 : 2).FirstOrDefault();
}
