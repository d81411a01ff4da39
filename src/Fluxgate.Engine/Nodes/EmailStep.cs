using System.Security.Cryptography;
using System.Text;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Egress.Mail;
using Fluxgate.Engine.Connections;

namespace Fluxgate.Engine.Nodes;

/// <summary>The <c>email</c> node: one mail through an SMTP server. Gives <c>{message_id, recipients}</c>.</summary>
public sealed class EmailStep(ServerCalls calls, EgressSmtp egress, TimeProvider clock)
{
    public Task<EffectOutcome> Run(StepEffect effect, CancellationToken cancel) =>
        calls.Run<SmtpSecret>(effect, CredentialType.Smtp, async (secret, policy, inTime) =>
        {
            var mail = Mail(effect, secret.From);
            if (mail.Error is { } wrong)
                return EffectOutcome.Final(wrong);
            var started = clock.GetTimestamp();
            var (sent, failure) = await egress.Send(secret.Server, mail.Value, policy, inTime);
            var call = ServerCalls.Record(effect, secret, "send", clock.GetElapsedTime(started), sent?.BytesOut ?? 0, sent?.BytesIn ?? 0);
            if (failure is not null)
                return new EffectOutcome(failure.Error, failure.Retryable, null) { Call = call };
            return new EffectOutcome(CelValue.Map(
                ("message_id", CelValue.From(sent!.MessageId)),
                ("recipients", CelValue.From((long)(mail.Value.To.Count + mail.Value.Cc.Count + mail.Value.Bcc.Count)))), Retryable: false, null) { Call = call };
        }, cancel);

    private static Result<OutgoingMail> Mail(StepEffect effect, string from)
    {
        var addresses = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var name in (string[])["to", "cc", "bcc", "reply_to"])
        {
            if (Addresses(effect.Setting(name)) is not { } list)
                return Error.Refused("mail.address", $"'{name}' is an address, or a list of them.");
            addresses[name] = list;
        }
        foreach (var name in (string[])["subject", "text", "html"])
            if (effect.Setting(name) is { Kind: not CelKind.String })
                return Error.Refused("mail.body", $"'{name}' is text.");
        // The same for every attempt, after a crash too, so that whoever gets the mail twice can tell.
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(effect.IdempotencyKey)))[..32];
        return new OutgoingMail(
            from, addresses["to"], addresses["cc"], addresses["bcc"], addresses["reply_to"],
            effect.Setting("subject")?.AsString ?? "", effect.Setting("text")?.AsString, effect.Setting("html")?.AsString, id);
    }

    private static List<string>? Addresses(CelValue? value) => value switch
    {
        null => [],
        { Kind: CelKind.String } one => [one.AsString],
        { Kind: CelKind.List } list when list.AsList.All(a => a.Kind == CelKind.String) => [.. list.AsList.Select(a => a.AsString)],
        _ => null,
    };
}
