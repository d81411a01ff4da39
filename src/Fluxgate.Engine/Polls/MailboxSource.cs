using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;
using Fluxgate.Egress.Mail;
using Fluxgate.Engine.Connections;
using Fluxgate.Engine.Nodes;

namespace Fluxgate.Engine.Polls;

/// <summary>
/// Mailboxes by IMAP: the folder's own numbers say what is new. The first look, and the first after the folder was numbered
/// anew, only tells where it stands.
/// </summary>
internal sealed class MailboxSource(ConnectionCatalog connections, EgressImap egress, EgressPolicies policies)
{
    public async Task<Result<PollFound>> Look(OrganizationId organization, CelValue settings, CelValue? state, CancellationToken cancel)
    {
        settings.TryGetMember("credential", out var name);
        var opened = await connections.Credential(organization, name.AsString, SnakeCase.From(CredentialType.Imap), cancel);
        if (opened.Error is { } unusable)
            return unusable;
        var secret = (ImapSecret)opened.Value.Secret;
        if (!opened.Value.AllowsHost(secret.Host, secret.Port))
            return Error.Refused("credential.host", $"The credential '{name.AsString}' may not go to {secret.Host}:{secret.Port}.");
        var folder = settings.TryGetMember("folder", out var given) ? given.AsString : "INBOX";
        // The same numbers in another mailbox are other messages.
        var mailbox = Hash($"{secret.Host.ToLowerInvariant()}:{secret.Port}\n{secret.Username}\n{folder}");
        var known = state is { } before && Text(before, "mailbox") == mailbox ? new MailboxPlace(Number(before, "validity"), Number(before, "next")) : null;
        var (look, failure) = await egress.Look(secret.Server, folder, known, await policies.Of(organization, cancel), cancel);
        if (failure is not null)
            return failure.Error with { Message = new SecretEcho(secret).Hide(failure.Error.Message) };
        var place = look!.Place;
        return new PollFound(
            CelValue.Map(("mailbox", CelValue.From(mailbox)), ("validity", CelValue.From((long)place.Validity)), ("next", CelValue.From((long)place.Next))),
            [.. look.Mails.Select(m => new PollItem(
                string.Create(CultureInfo.InvariantCulture, $"email:{mailbox}:{place.Validity}:{m.Uid}"),
                CelValue.Map(("type", CelValue.From(TriggerType.Email.Name)), ("folder", CelValue.From(folder)), ("uid", CelValue.From((long)m.Uid)), ("message", m.Content))))])
        {
            HasMore = look.Mails.Count == EgressImap.MostMails,
        };
    }

    private static string? Text(CelValue map, string name) => map.TryGetMember(name, out var value) && value.Kind == CelKind.String ? value.AsString : null;

    private static uint Number(CelValue map, string name) => map.TryGetMember(name, out var value) && value.Kind == CelKind.Int ? (uint)value.AsInt : 0;

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 12));
}
