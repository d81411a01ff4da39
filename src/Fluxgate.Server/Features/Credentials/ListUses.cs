using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Credentials;

/// <summary>What a credential was opened for; <paramref name="SecretVersion"/> and <paramref name="LastRunId"/> are of the last time.</summary>
public sealed record CredentialUseResponse(
    Guid Id, WorkflowId WorkflowId, string WorkflowName, string Node, string Host, long Uses, int SecretVersion, DateTimeOffset FirstUsedAt, DateTimeOffset LastUsedAt, RunId LastRunId);

internal static class ListUses
{
    public static async Task<Reply<Page<CredentialUseResponse>>> Handle(Guid id, OrganizationCaller caller, PageQuery page, Database database, CancellationToken cancel)
    {
        var session = database.As(caller);
        if ((await session.Query<Guid>($"select id from credentials where organization_id = {caller.Organization} and id = {id}", cancel)).Count == 0)
            return CredentialErrors.NotFound;
        var rows = await session.Query<CredentialUseResponse>($"""
            select u.id, u.workflow_id, w.name as workflow_name, u.node, u.host, u.uses, u.secret_version, u.first_used_at, u.last_used_at, u.last_run_id
            from credential_uses u join workflows w on w.organization_id = u.organization_id and w.id = u.workflow_id
            where u.organization_id = {caller.Organization} and u.credential_id = {id} and u.id > {page.After}
            order by u.id
            limit {page.Limit + 1}
            """, cancel);
        return Page<CredentialUseResponse>.Of(rows, page.Limit, u => u.Id);
    }
}
