using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Engine.KeyValues;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.KeyValues;

/// <summary>How much is added, maybe less than nothing; a time to live counts for an entry that is new.</summary>
public sealed record IncrementKvEntryRequest(long By = 1, long? TtlSeconds = null);

internal static class IncrementKvEntry
{
    /// <summary>Adds to a whole number, in one step for whoever does it at the same time; what is absent is 0. Answers the sum.</summary>
    public static async Task<Reply<KvEntryResponse>> Handle(
        OrganizationCaller caller, string scope, string key, IncrementKvEntryRequest request, HttpContext context,
        Database database, KeyVault vault, KvStore store, AuditLog audit, CancellationToken cancel)
    {
        var place = await KvPlace.Write(database, caller, scope, key, cancel);
        if (place.Error is { } unknown)
            return unknown;
        TimeSpan? life = request.TtlSeconds is { } seconds ? TimeSpan.FromSeconds(Math.Clamp(seconds, -1, int.MaxValue)) : null;
        if (KvLimits.Faults(isSecret: false, new KvContent(CelValue.Null, null, life)) is { Count: > 0 } faults)
            return Error.Invalid("request.invalid", "The request has faults; see errors.", faults);
        var cipher = await vault.For(caller.Organization, cancel);
        var result = await store.Change(database.As(caller), caller.Organization, place.Value, key, async turn =>
        {
            var incremented = await store.Increment(turn, cipher, request.By, life, cancel);
            if (incremented.Succeeded)
                await audit.Append(turn.Transaction, caller.Organization, KvAudit.Entry("kv.incremented", "update", caller, incremented.Value.Entry), cancel);
            return incremented;
        }, cancel);
        if (result.Error is { } error)
            return error;
        EntityTag.Show(context, result.Value.Entry.Version);
        return KvEntryResponse.Of(result.Value.Entry, CelValue.From(result.Value.Value));
    }
}
