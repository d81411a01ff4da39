using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Egress;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Egress;

/// <summary>Up to 200 entries: <c>api.example.com</c>, <c>*.example.com:443</c>, <c>203.0.113.0/24:443</c>, <c>[2001:db8::/32]:443</c>.</summary>
public sealed record UpdateEgressPolicyRequest(EgressMode Mode, string[] Allow);

internal static class UpdateEgressPolicy
{
    private const int MostEntries = 200;

    public static async Task<Reply<EgressPolicyResponse>> Handle(
        UpdateEgressPolicyRequest request, OrganizationCaller caller, HttpContext context, Database database, EgressGuard guard, AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        var version = EntityTag.Required(context);
        if (version.Error is { } missing)
            return missing;
        var (entries, invalid) = Entries(request.Allow, guard);
        if (invalid is not null)
            return invalid;
        var next = new EgressPolicyRow(request.Mode, [.. entries.Select(e => e.ToString()).Distinct(StringComparer.Ordinal)], version.Value + 1);
        var result = await database.As(caller).Attempt(transaction => Apply(transaction, next, caller, audit, clock.GetUtcNow(), cancel), cancel);
        if (result.Error is { } refused)
            return refused;
        EntityTag.Show(context, next.Version);
        return next.ToResponse(guard);
    }

    private static (List<EgressEntry> Entries, Error? Error) Entries(string[] allow, EgressGuard guard)
    {
        var checks = new Checks().That(allow.Length <= MostEntries, "/allow", "length", $"At most {MostEntries} entries.");
        var entries = new List<EgressEntry>();
        for (var i = 0; i < allow.Length && i < MostEntries; i++)
        {
            var parsed = EgressEntry.TryParse(allow[i], out var entry);
            checks.That(parsed, $"/allow/{i}", "entry", "A host name or *.suffix, maybe with :port, or an address range with its port, such as 203.0.113.0/24:443.")
                // It would have no effect, and somebody would wonder why.
                .That(!parsed || guard.Installation.Covers(entry!), $"/allow/{i}", "wider", "The installation does not allow this; ask its operator.");
            if (parsed)
                entries.Add(entry!);
        }
        return (entries, checks.Error());
    }

    private static Task<Result<Done>> Apply(Transaction transaction, EgressPolicyRow next, OrganizationCaller caller, AuditLog audit, DateTimeOffset now, CancellationToken cancel) => transaction.Replace(
        $"select mode, allow, version from egress_policies where organization_id = {caller.Organization} for update",
        EgressPolicyRow.None,
        next,
        $"""
        insert into egress_policies (organization_id, mode, allow, version, updated_at)
        values ({caller.Organization}, {next.Mode}, {next.Allow}, {next.Version}, {now})
        on conflict (organization_id) do update set mode = excluded.mode, allow = excluded.allow, version = excluded.version, updated_at = excluded.updated_at
        where egress_policies.version = {next.Version - 1}
        """,
        caller.Organization,
        before => new AuditEntry("egress_policy.updated", "update", caller.Actor, new AuditResource("egress_policy", caller.Organization.Value, "egress"))
        {
            Before = JsonConventions.Object(new { before.Mode, before.Allow }),
            After = JsonConventions.Object(new { next.Mode, next.Allow }),
        },
        audit,
        cancel);
}
