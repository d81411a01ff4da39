using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Retention;

/// <summary>What a policy is of: a workflow, the workflows of a folder, or the organization.</summary>
internal sealed record RetentionPlace(OrganizationId Organization, Guid? Workflow, Guid? Folder, AuditResource Resource)
{
    private Guid Id => Workflow ?? Folder ?? Organization.Value;

    public static RetentionPlace OfOrganization(OrganizationCaller caller) =>
        new(caller.Organization, null, null, new AuditResource("retention", caller.Organization.Value, "runs"));

    /// <summary><c>workflow.not_found</c> if that is not the caller's.</summary>
    public static async Task<Result<RetentionPlace>> OfWorkflow(OrganizationCaller caller, WorkflowId id, Database database, CancellationToken cancel)
    {
        var name = await database.As(caller).QueryOptional<string>($"select name from workflows where organization_id = {caller.Organization} and id = {id}", cancel);
        return name is null ? Error.NotFound("workflow") : new RetentionPlace(caller.Organization, id.Value, null, new AuditResource("workflow", id.Value, name));
    }

    /// <summary><c>folder.not_found</c> if that is not the caller's.</summary>
    public static async Task<Result<RetentionPlace>> OfFolder(OrganizationCaller caller, Guid id, Database database, CancellationToken cancel)
    {
        var name = await database.As(caller).QueryOptional<string>($"select name from folders where organization_id = {caller.Organization} and id = {id}", cancel);
        return name is null ? Error.NotFound("folder") : new RetentionPlace(caller.Organization, null, id, new AuditResource("folder", id, name));
    }

    public Task<RetentionPolicy?> Read(Transaction transaction, CancellationToken cancel) => transaction.QueryOptional<RetentionPolicy>($"""
        select max_age_days, max_count, min_count from run_retention where organization_id = {Organization} and id = {Id}
        """, cancel);

    public Task<int> Write(Transaction transaction, RetentionPolicy policy, DateTimeOffset now, CancellationToken cancel) => transaction.Execute($"""
        insert into run_retention (organization_id, id, workflow_id, folder_id, max_age_days, max_count, min_count, updated_at)
        values ({Organization}, {Id}, {Workflow}, {Folder}, {policy.MaxAgeDays}, {policy.MaxCount}, {policy.MinCount}, {now})
        on conflict (organization_id, id) do update
        set max_age_days = excluded.max_age_days, max_count = excluded.max_count, min_count = excluded.min_count, updated_at = excluded.updated_at
        """, cancel);

    public Task<int> Remove(Transaction transaction, CancellationToken cancel) =>
        transaction.Execute($"delete from run_retention where organization_id = {Organization} and id = {Id}", cancel);
}
