using System.Diagnostics;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.KeyValues;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Engine.KeyValues;

namespace Fluxgate.Engine.Nodes;

/// <summary>
/// The <c>kv</c> node. A write leaves a receipt in its own transaction: after a crash between the write and the journal the
/// step finds what it did, and does it no second time.
/// </summary>
public sealed class KvStep(Database database, KeyVault vault, KvStore store, KvReader reader, TimeProvider clock)
{
    private sealed record ReceiptRow(Guid Id, byte[] Output);

    private sealed record Write(string Action, KvScope Scope, string Key, KvContent Content, KvPrecondition Precondition, long By);

    public Task<EffectOutcome> Run(StepEffect effect, CancellationToken cancel) => EffectOutcome.InTime(effect, async inTime =>
    {
        // Whether a write committed before the connection broke, its receipt will tell the next try.
        var result = effect.Literal("action") == "get" ? await Get(effect, inTime) : await Change(effect, inTime);
        return new EffectOutcome(result, Retryable: false, null);
    }, cancel);

    private async Task<Result<CelValue>> Get(StepEffect effect, CancellationToken cancel)
    {
        if (Key(effect) is not { } key)
            return KvErrors.Name;
        if (KvName.IsSecret(key))
            return KvErrors.SecretNumber;
        var session = database.Engine(effect.Organization);
        var scope = await Scope(effect, cancel);
        if (scope.Error is { } none)
            return none;
        var found = effect.Literal("scope").Length == 0
            ? await reader.Nearest(session, effect.Organization, KvScope.Of(effect.Workflow), key, cancel)
            : await reader.Get(session, effect.Organization, scope.Value, key, cancel);
        return found is var (entry, value)
            ? CelValue.Map(("found", CelValue.From(true)), ("value", value), ("version", CelValue.From(entry.Version)))
            : CelValue.Map(("found", CelValue.From(false)), ("value", CelValue.Null), ("version", CelValue.From(0L)));
    }

    private async Task<Result<CelValue>> Change(StepEffect effect, CancellationToken cancel)
    {
        var scope = await Scope(effect, cancel);
        if (scope.Error is { } none)
            return none;
        var read = Read(effect, scope.Value);
        if (read.Error is { } wrong)
            return wrong;
        var cipher = await vault.For(effect.Organization, cancel);
        string name = $"kv receipt {effect.IdempotencyKey}";
        var session = database.Engine(effect.Organization);
        return await store.Change(session, effect.Organization, read.Value.Scope, read.Value.Key, async turn =>
        {
            var transaction = turn.Transaction;
            // One at a time: an attempt that was given up may still be on its way.
            await transaction.Execute($"select pg_advisory_xact_lock(hashtextextended({name}, 0))", cancel);
            if (await transaction.QueryOptional<ReceiptRow>($"""
                select id, output from kv_receipts where organization_id = {effect.Organization} and effect = {effect.IdempotencyKey}
                """, cancel) is { } receipt)
                return CelValue.FromJson(cipher.Open(SealedField.KvReceipt, receipt.Id, receipt.Output));
            // Receipts go with their run: who comes after its end would find none and write again.
            if (!await transaction.QueryOne<bool>($"select exists (select from run_work where organization_id = {effect.Organization} and run_id = {effect.Run})", cancel))
                return KvErrors.RunIsOver;
            var output = await Apply(turn, cipher, read.Value, cancel);
            if (output.Succeeded)
                await Keep(transaction, effect, cipher, output.Value, cancel);
            return output;
        }, cancel);
    }

    private async Task<Result<CelValue>> Apply(KvTurn turn, OrganizationCipher cipher, Write write, CancellationToken cancel)
    {
        switch (write.Action)
        {
            case "set":
                var set = await store.Set(turn, cipher, write.Content, write.Precondition, cancel);
                return set.Succeeded ? CelValue.Map(("version", CelValue.From(set.Value.Version))) : set.Error;
            case "increment":
                var sum = await store.Increment(turn, cipher, write.By, write.Content.TimeToLive, cancel);
                return sum.Succeeded ? CelValue.Map(("value", CelValue.From(sum.Value.Value)), ("version", CelValue.From(sum.Value.Entry.Version))) : sum.Error;
            case "delete":
                var deleted = await store.Delete(turn, write.Precondition, cancel);
                if (deleted.Error is { } error && error != KvErrors.NotFound)
                    return error;
                return CelValue.Map(("deleted", CelValue.From(deleted.Succeeded)));
            default:
                throw new UnreachableException(write.Action);
        }
    }

    private Task<int> Keep(Transaction transaction, StepEffect effect, OrganizationCipher cipher, CelValue output, CancellationToken cancel)
    {
        var id = Uuid.New(clock);
        return transaction.Execute($"""
            insert into kv_receipts (organization_id, effect, id, run_id, output, written_at)
            values ({effect.Organization}, {effect.IdempotencyKey}, {id}, {effect.Run}, {cipher.Seal(SealedField.KvReceipt, id, output.ToJson())}, {clock.GetUtcNow()})
            """, cancel);
    }

    private static Result<Write> Read(StepEffect effect, KvScope scope)
    {
        if (Key(effect) is not { } key)
            return KvErrors.Name;
        var life = Life(effect);
        if (life.Error is { } noLife)
            return noLife;
        var action = effect.Literal("action");
        IReadOnlyList<string>? hosts = effect.Setting("allowed_hosts") is { } list ? [.. list.AsList.Select(h => h.AsString)] : null;
        effect.Settings.TryGetMember("value", out var value);
        var content = new KvContent(value, hosts, life.Value);
        var checkedContent = action == "set" ? content : new KvContent(CelValue.Null, null, life.Value);
        if (KvLimits.Faults(action == "set" && KvName.IsSecret(key), checkedContent) is [var fault, ..])
            return Error.Refused("kv.content", $"'{fault.Pointer[1..]}': {fault.Message}");
        if (effect.Setting("if_version") is { } version && (version.Kind != CelKind.Int || version.AsInt < 0))
            return Error.Refused("kv.if_version", "'if_version' is a whole number from 0.");
        if (effect.Setting("by") is { Kind: not CelKind.Int })
            return Error.Refused("kv.by", "'by' is a whole number.");
        return new Write(action, scope, key, content, new KvPrecondition(effect.Setting("if_version")?.AsInt), effect.Setting("by")?.AsInt ?? 1);
    }

    private static Result<TimeSpan?> Life(StepEffect effect) => effect.Setting("ttl") switch
    {
        null => (TimeSpan?)null,
        { Kind: CelKind.Duration } span => (TimeSpan?)span.AsDuration,
        { Kind: CelKind.String } text when Durations.TryParse(text.AsString, out var parsed) => (TimeSpan?)parsed,
        _ => Error.Refused("kv.ttl", "'ttl' is a duration such as 30s or 24h."),
    };

    private static string? Key(StepEffect effect) => effect.Setting("key") is { Kind: CelKind.String } key && KvName.Is(key.AsString) ? key.AsString : null;

    /// <summary>The folder is the one that the workflow lies in when the step runs.</summary>
    private async Task<Result<KvScope>> Scope(StepEffect effect, CancellationToken cancel) => effect.Literal("scope") switch
    {
        "workflow" => KvScope.Of(effect.Workflow),
        "folder" => await database.Engine(effect.Organization).QueryOptional<Guid?>($"select folder_id from workflows where organization_id = {effect.Organization} and id = {effect.Workflow}", cancel) is { } folder
            ? KvScope.OfFolder(folder)
            : KvErrors.NoFolder,
        _ => KvScope.Organization,
    };
}
