using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Features.Workflows;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.WorkflowTests;

internal static class DeleteTest
{
    public static async Task<NoContent> Handle(OrganizationCaller caller, WorkflowId id, string name, Database database, AuditLog audit, CancellationToken cancel) =>
        await database.As(caller).Attempt<Done>(async transaction =>
        {
            var workflow = await transaction.QueryOptional<string>($"select name from workflows where organization_id = {caller.Organization} and id = {id}", cancel);
            if (workflow is null)
                return WorkflowErrors.NotFound;
            if (await transaction.Execute($"delete from workflow_tests where organization_id = {caller.Organization} and workflow_id = {id} and name = {name}", cancel) == 0)
                return WorkflowTestErrors.NotFound;
            await audit.Append(transaction, caller.Organization, new AuditEntry("workflow_test.deleted", "delete", caller.Actor, new AuditResource("workflow", id.Value, workflow))
            {
                Details = new JsonObject { ["test"] = name },
            }, cancel);
            return default(Done);
        }, cancel);
}
