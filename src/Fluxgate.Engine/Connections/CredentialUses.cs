using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Engine.Connections;

/// <summary>What a credential is opened for: a step of a run, and the person who started that, if one did.</summary>
public sealed record CredentialUser(WorkflowId Workflow, RunId Run, string Node, UserId? Starter);

/// <summary>
/// Remembers every opening of a credential for a run, before its secret goes anywhere: by workflow, step and host, with the
/// number of times and the last run. The first from a new workflow or to a new host is an audit event.
/// </summary>
public sealed class CredentialUses(Database database, AuditLog audit, TimeProvider clock)
{
    private static readonly Actor Engine = Actor.System("engine");

    private sealed record Seen(bool Inserted, bool KnownWorkflow, bool KnownHost);

    public async Task Record(OrganizationId organization, ResolvedCredential credential, CredentialUser user, string host, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var session = database.Engine(organization);
        // All uses but the first are this one statement.
        if (await session.Execute($"""
            update credential_uses set uses = uses + 1, secret_version = {credential.SecretVersion}, last_used_at = {now}, last_run_id = {user.Run}
            where organization_id = {organization} and credential_id = {credential.Id} and workflow_id = {user.Workflow} and node = {user.Node} and host = {host}
            """, cancel) > 0)
            return;
        await session.Transact(async transaction =>
        {
            // The two looks see the table as it was before this statement.
            var seen = await transaction.QueryOne<Seen>($"""
                insert into credential_uses as u
                    (organization_id, id, credential_id, workflow_id, node, host, uses, secret_version, first_used_at, last_used_at, last_run_id)
                values ({organization}, {Uuid.New(clock)}, {credential.Id}, {user.Workflow}, {user.Node}, {host}, 1, {credential.SecretVersion}, {now}, {now}, {user.Run})
                on conflict (organization_id, credential_id, workflow_id, node, host) do update
                set uses = u.uses + 1, secret_version = excluded.secret_version, last_used_at = excluded.last_used_at, last_run_id = excluded.last_run_id
                returning xmax = 0 as inserted,
                    exists (select from credential_uses k where k.organization_id = {organization} and k.credential_id = {credential.Id} and k.workflow_id = {user.Workflow}) as known_workflow,
                    exists (select from credential_uses k where k.organization_id = {organization} and k.credential_id = {credential.Id} and k.host = {host}) as known_host
                """, cancel);
            if (!seen.Inserted || (seen.KnownWorkflow && seen.KnownHost))
                return;
            await audit.Append(transaction, organization, new AuditEntry("credential.first_used", "execute", Engine, new AuditResource("credential", credential.Id, credential.Name))
            {
                Details = new JsonObject
                {
                    ["workflow_id"] = user.Workflow.ToString(), ["run_id"] = user.Run.ToString(), ["node"] = user.Node, ["host"] = host,
                    ["secret_version"] = credential.SecretVersion, ["new_workflow"] = !seen.KnownWorkflow, ["new_host"] = !seen.KnownHost,
                },
            }, cancel);
        }, cancel);
    }
}
