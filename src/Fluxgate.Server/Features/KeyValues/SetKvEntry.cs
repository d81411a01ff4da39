using System.Text.Json;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.KeyValues;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Engine.KeyValues;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.KeyValues;

/// <summary>
/// The value, and maybe how long it lives; without that it stays. A name that begins with secret: takes text, and with it
/// the only hosts that it may be sent to.
/// </summary>
public sealed record SetKvEntryRequest(JsonElement Value, long? TtlSeconds = null, string[]? AllowedHosts = null)
{
    /// <summary>So that a log line with a request in it tells nothing.</summary>
    public override string ToString() => "(value)";
}

internal static class SetKvEntry
{
    /// <summary>Writes the entry. <c>If-Match</c> names the version that it replaces; <c>If-None-Match: *</c> writes only what is not there.</summary>
    public static async Task<Reply<KvEntrySummary>> Handle(
        OrganizationCaller caller, string scope, string key, SetKvEntryRequest request, HttpContext context,
        Database database, KeyVault vault, KvStore store, AuditLog audit, CancellationToken cancel)
    {
        var place = await KvPlace.Write(database, caller, scope, key, cancel);
        if (place.Error is { } unknown)
            return unknown;
        var precondition = KvPreconditions.Of(context);
        if (precondition.Error is { } wrong)
            return wrong;
        var content = Content(request);
        if (content.Error is { } malformed)
            return malformed;
        if (KvLimits.Faults(KvName.IsSecret(key), content.Value) is { Count: > 0 } faults)
            return Error.Invalid("request.invalid", "The request has faults; see errors.", faults);

        var cipher = await vault.For(caller.Organization, cancel);
        var written = await store.Change(database.As(caller), caller.Organization, place.Value, key, async turn =>
        {
            var set = await store.Set(turn, cipher, content.Value, precondition.Value, cancel);
            if (set.Succeeded)
                await audit.Append(turn.Transaction, caller.Organization, KvAudit.Entry("kv.set", "update", caller, set.Value), cancel);
            return set;
        }, cancel);
        if (written.Error is { } error)
            return error;
        EntityTag.Show(context, written.Value.Version);
        return KvEntrySummary.Of(written.Value);
    }

    private static Result<KvContent> Content(SetKvEntryRequest request)
    {
        try
        {
            // A time beyond what a duration holds is one that the limits refuse.
            TimeSpan? life = request.TtlSeconds is { } seconds ? TimeSpan.FromSeconds(Math.Clamp(seconds, -1, int.MaxValue)) : null;
            return new KvContent(CelValue.FromJson(request.Value), request.AllowedHosts, life);
        }
        catch (JsonException)
        {
            return Error.Invalid("body.malformed", "The value has a member twice, a number too large for a double, or holds NUL or lone surrogates.", [new FieldError("/value", "malformed", "This is not JSON that is stored.")]);
        }
    }
}

internal static class KvPreconditions
{
    /// <summary>What <c>If-Match</c> or <c>If-None-Match: *</c> ask for; none without them.</summary>
    public static Result<KvPrecondition> Of(HttpContext context)
    {
        var none = context.Request.Headers.IfNoneMatch;
        if (none.Count > 0)
            return none == "*" && context.Request.Headers.IfMatch.Count == 0
                ? new KvPrecondition(0)
                : Error.Invalid("precondition.invalid", "If-None-Match takes * alone, and not beside If-Match.");
        if (context.Request.Headers.IfMatch.Count == 0)
            return KvPrecondition.None;
        var version = EntityTag.Named(context);
        return version.Succeeded ? new KvPrecondition(version.Value) : version.Error;
    }
}
