using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Features.Roles;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.ServiceAccounts;

internal static class CreateServiceAccount
{
    public static async Task<Created<ServiceAccountResponse>> Handle(
        OrganizationCaller caller, ServiceAccountRequest request, Database database, AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        if (Faults(request) is { } invalid)
            return invalid;
        var now = clock.GetUtcNow();
        var row = new ServiceAccountRow(Uuid.New(clock), request.Name.Trim(), request.Description, request.Roles, request.Disabled ? now : null, 1, now);
        var created = await database.As(caller).Attempt<Done>(async transaction =>
        {
            if (await RoleGranting.Refusal(transaction, caller, [], request.Roles, cancel) is { } beyond)
                return beyond;
            if (await transaction.Execute($"""
                insert into service_accounts (organization_id, id, name, name_norm, description, roles, disabled_at, revision, created_at)
                values ({caller.Organization}, {row.Id}, {row.Name}, {row.Name.ToLowerInvariant()}, {row.Description}, {row.Roles}, {row.DisabledAt}, 1, {now})
                on conflict do nothing
                """, cancel) == 0)
                return ServiceAccountRow.NameTaken;
            await audit.Append(transaction, caller.Organization, new AuditEntry("service_account.created", "create", caller.Actor, new AuditResource("service_account", row.Id, row.Name))
            {
                After = JsonConventions.Object(new { row.Description, row.Roles, request.Disabled }),
            }, cancel);
            return default(Done);
        }, cancel);
        return created.Error is { } refused ? refused : Created<ServiceAccountResponse>.At(row.Id, row.ToResponse());
    }

    internal static Error? Faults(ServiceAccountRequest request) => new Checks()
        .OneLine(request.Name.Trim(), "/name", 1, 100)
        .Text(request.Description, "/description", 0, 500)
        .Roles(request.Roles)
        .That(!request.Roles.Contains(BuiltInRoles.Owner), "/roles", "owner", "Owners are people.")
        .Error();
}
