using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Features.Roles;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.ServiceAccounts;

internal static class ChangeServiceAccount
{
    /// <summary>For all of its keys, from their next request on.</summary>
    public static async Task<Reply<ServiceAccountResponse>> Handle(
        OrganizationCaller caller, Guid id, ServiceAccountRequest request, HttpContext context, Database database, AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        var revision = EntityTag.Required(context);
        if (revision.Error is { } missing)
            return missing;
        if (CreateServiceAccount.Faults(request) is { } invalid)
            return invalid;
        var changed = await database.As(caller).Attempt(transaction => Apply(transaction, caller, id, request, revision.Value, audit, clock.GetUtcNow(), cancel), cancel);
        if (changed.Succeeded)
            EntityTag.Show(context, changed.Value.Revision);
        return changed;
    }

    private static async Task<Result<ServiceAccountResponse>> Apply(
        Transaction transaction, OrganizationCaller caller, Guid id, ServiceAccountRequest request, int revision, AuditLog audit, DateTimeOffset now, CancellationToken cancel)
    {
        var row = await transaction.QueryOptional<ServiceAccountRow>($"select {ServiceAccountRow.Columns} from service_accounts where organization_id = {caller.Organization} and id = {id} for update", cancel);
        if (row is null)
            return ServiceAccountRow.NotFound;
        if (row.Revision != revision)
            return EntityTag.Stale;
        if (await RoleGranting.Refusal(transaction, caller, row.Roles, request.Roles, cancel) is { } beyond)
            return beyond;
        var name = request.Name.Trim();
        if (await transaction.QueryOne<bool>($"select exists (select from service_accounts where organization_id = {caller.Organization} and name_norm = {name.ToLowerInvariant()} and id <> {id})", cancel))
            return ServiceAccountRow.NameTaken;
        var next = row with { Name = name, Description = request.Description, Roles = request.Roles, DisabledAt = request.Disabled ? row.DisabledAt ?? now : null, Revision = revision + 1 };
        await transaction.Execute($"""
            update service_accounts set name = {name}, name_norm = {name.ToLowerInvariant()}, description = {next.Description}, roles = {next.Roles}, disabled_at = {next.DisabledAt}, revision = {next.Revision}
            where organization_id = {caller.Organization} and id = {id}
            """, cancel);
        await audit.Append(transaction, caller.Organization, new AuditEntry("service_account.changed", "update", caller.Actor, new AuditResource("service_account", id, name))
        {
            Before = JsonConventions.Object(new { row.Name, row.Description, row.Roles, Disabled = row.DisabledAt is not null }),
            After = JsonConventions.Object(new { next.Name, next.Description, next.Roles, request.Disabled }),
        }, cancel);
        return next.ToResponse();
    }
}
