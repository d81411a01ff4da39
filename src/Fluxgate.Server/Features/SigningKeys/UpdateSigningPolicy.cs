using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.SigningKeys;

public sealed record UpdateSigningPolicyRequest(SignaturesRequired Required);

internal static class UpdateSigningPolicy
{
    public static async Task<Reply<SigningPolicyResponse>> Handle(
        UpdateSigningPolicyRequest request, OrganizationCaller caller, HttpContext context, Database database, AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        var version = EntityTag.Required(context);
        if (version.Error is { } missing)
            return missing;
        var next = new SigningPolicyRow(request.Required, version.Value + 1);
        var result = await database.As(caller).Attempt(transaction => Apply(transaction, next, caller, audit, clock.GetUtcNow(), cancel), cancel);
        if (result.Error is { } refused)
            return refused;
        EntityTag.Show(context, next.Version);
        return new SigningPolicyResponse(next.Required, next.Version);
    }

    private static Task<Result<Done>> Apply(Transaction transaction, SigningPolicyRow next, OrganizationCaller caller, AuditLog audit, DateTimeOffset now, CancellationToken cancel) => transaction.Replace(
        $"select required, version from signing_policies where organization_id = {caller.Organization} for update",
        SigningPolicyRow.None,
        next,
        $"""
        insert into signing_policies (organization_id, required, version, updated_at)
        values ({caller.Organization}, {next.Required}, {next.Version}, {now})
        on conflict (organization_id) do update set required = excluded.required, version = excluded.version, updated_at = excluded.updated_at
        where signing_policies.version = {next.Version - 1}
        """,
        caller.Organization,
        before => new AuditEntry("signing_policy.updated", "update", caller.Actor, new AuditResource("signing_policy", caller.Organization.Value, "signed requests"))
        {
            Before = JsonConventions.Object(new { before.Required }),
            After = JsonConventions.Object(new { next.Required }),
        },
        audit,
        cancel);
}
