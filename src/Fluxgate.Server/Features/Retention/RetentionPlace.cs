using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Retention;

/// <summary>What a policy is of: a workflow, or the organization.</summary>
internal sealed record RetentionPlace(OrganizationId Organization, Guid Id, AuditResource Resource)
{
    /// <summary><c>workflow.not_found</c> if that is not the caller's.</summary>
    public static async Task<Result<RetentionPlace>> Of(OrganizationCaller caller, WorkflowId? workflow, Database database, CancellationToken cancel)
    {
        if (workflow is not { } id)
            return new RetentionPlace(caller.Organization, caller.Organization.Value, new AuditResource("retention", caller.Organization.Value, "runs"));
        var name = await database.As(caller).QueryOptional<string>($"select name from workflows where organization_id = {caller.Organization} and id = {id}", cancel);
        return name is null ? Error.NotFound("workflow") : new RetentionPlace(caller.Organization, id.Value, new AuditResource("workflow", id.Value, name));
    }

    public Task<RetentionPolicy?> Read(Transaction transaction, CancellationToken cancel) => transaction.QueryOptional<RetentionPolicy>($"""
        select max_age_days, max_count, min_count from run_retention where organization_id = {Organization} and id = {Id}
        """, cancel);
}
