using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Retention;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Retention;

internal static class SetRetention
{
    private const int MostDays = 36_500;
    private const int MostRuns = 1_000_000_000;

    public static Task<Reply<RetentionPolicy>> OfOrganization(
        OrganizationCaller caller, RetentionPolicy request, Database database, RetentionOptions options, AuditLog audit, TimeProvider clock, CancellationToken cancel) =>
        Set(caller, RetentionPlace.OfOrganization(caller), request, database, options, audit, clock, cancel);

    public static async Task<Reply<RetentionPolicy>> OfWorkflow(
        OrganizationCaller caller, WorkflowId id, RetentionPolicy request, Database database, RetentionOptions options, AuditLog audit, TimeProvider clock, CancellationToken cancel) =>
        await Set(caller, await RetentionPlace.OfWorkflow(caller, id, database, cancel), request, database, options, audit, clock, cancel);

    public static async Task<Reply<RetentionPolicy>> OfFolder(
        OrganizationCaller caller, Guid id, RetentionPolicy request, Database database, RetentionOptions options, AuditLog audit, TimeProvider clock, CancellationToken cancel) =>
        await Set(caller, await RetentionPlace.OfFolder(caller, id, database, cancel), request, database, options, audit, clock, cancel);

    private static async Task<Reply<RetentionPolicy>> Set(
        OrganizationCaller caller, Result<RetentionPlace> place, RetentionPolicy request, Database database, RetentionOptions options, AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        if (place.Error is { } absent)
            return absent;
        if (Fault(request, options) is { } invalid)
            return invalid;
        await database.As(caller).Transact(async transaction =>
        {
            var before = await place.Value.Read(transaction, cancel);
            await place.Value.Write(transaction, request, clock.GetUtcNow(), cancel);
            await audit.Append(transaction, caller.Organization, new AuditEntry("retention.updated", "update", caller.Actor, place.Value.Resource)
            {
                Before = before is null ? null : JsonConventions.Object(before),
                After = JsonConventions.Object(request),
            }, cancel);
        }, cancel);
        return request;
    }

    private static Error? Fault(RetentionPolicy policy, RetentionOptions options) => new Checks()
        .That(policy.MaxAgeDays is not null || policy.MaxCount is not null, "", "required", "'max_age_days' or 'max_count' is needed; without a policy runs are kept for ever.")
        .That(policy.MaxAgeDays is null || (policy.MaxAgeDays >= options.LeastRunDays && policy.MaxAgeDays <= MostDays), "/max_age_days", "range", $"Between {options.LeastRunDays}, which this installation keeps at least, and {MostDays}.")
        .That(policy.MaxCount is null || (policy.MaxCount >= options.LeastRunCount && policy.MaxCount <= MostRuns), "/max_count", "range", $"Between {options.LeastRunCount}, which this installation keeps at least, and {MostRuns}.")
        .That(policy.MinCount >= 0 && policy.MinCount <= (policy.MaxCount ?? MostRuns), "/min_count", "range", "Between 0 and max_count.")
        .Error();
}
