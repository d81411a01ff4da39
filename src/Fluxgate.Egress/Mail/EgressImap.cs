using Fluxgate.Core.Kernel;
using MailKit;
using MailKit.Net.Imap;

namespace Fluxgate.Egress.Mail;

/// <summary>Where a folder was read to: messages of <paramref name="Validity"/> below <paramref name="Next"/> are known (RFC 3501, section 2.3.1.1).</summary>
public sealed record MailboxPlace(uint Validity, uint Next);

/// <summary>One look into a folder: where it stands now, and messages behind the place before, oldest first.</summary>
public sealed record MailboxLook(MailboxPlace Place, IReadOnlyList<ReceivedMail> Mails);

/// <summary>Reads mailboxes through IMAP servers, on guarded sockets and under TLS alone. Folders are opened read-only: nothing is marked as seen.</summary>
public sealed class EgressImap(GuardedDialer dialer)
{
    /// <summary>Messages of one look; the rest is for the next.</summary>
    public const int MostMails = 25;

    /// <summary>Of a larger message the headers alone are read.</summary>
    public const int LargestMail = 2 * 1024 * 1024;

    /// <summary>What a server says during one look.</summary>
    private const long MostAnswerBytes = (long)MostMails * LargestMail + 4 * 1024 * 1024;

    /// <summary>
    /// With no place yet, or one of another validity, the look tells where the folder stands and reads nothing. Errors
    /// <c>mail.…</c>, <c>egress.…</c>.
    /// </summary>
    public async Task<(MailboxLook? Look, MailFailure? Failure)> Look(MailServer server, string folderName, MailboxPlace? known, EgressPolicy policy, CancellationToken cancel)
    {
        using var client = new ImapClient();
        try
        {
            await using var stream = await MailConnection.Open(client, server, dialer, policy, MostAnswerBytes, cancel);
            var folder = folderName.Equals("INBOX", StringComparison.OrdinalIgnoreCase) ? client.Inbox : await client.GetFolderAsync(folderName, cancel);
            await folder!.OpenAsync(FolderAccess.ReadOnly, cancel);
            if (folder.UidNext is not { } next || folder.UidValidity == 0)
                return (null, new MailFailure(Error.Refused("mail.no_uids", $"{server.Host} gives messages no lasting numbers, so none could be told from another."), Retryable: false));
            var place = new MailboxPlace(folder.UidValidity, next.Id);
            var mails = new List<ReceivedMail>();
            if (known is not null && known.Validity == place.Validity && known.Next < place.Next)
                (place, mails) = await Read(folder, known, place, cancel);
            await client.DisconnectAsync(quit: true, cancel);
            return (new MailboxLook(place, mails), null);
        }
        catch (Exception e) when (MailConnection.FailureOf(e, server) is { } failure)
        {
            return (null, failure);
        }
    }

    private static async Task<(MailboxPlace Place, List<ReceivedMail> Mails)> Read(IMailFolder folder, MailboxPlace known, MailboxPlace place, CancellationToken cancel)
    {
        var range = new UniqueIdRange(known.Validity, known.Next, place.Next - 1);
        var summaries = await folder.FetchAsync(range, MessageSummaryItems.UniqueId | MessageSummaryItems.Size | MessageSummaryItems.InternalDate, cancel);
        // What was not asked for is no answer: a server could name old messages, or one twice.
        var found = summaries.Where(s => s.UniqueId.Id >= known.Next && s.UniqueId.Id < place.Next).DistinctBy(s => s.UniqueId.Id).OrderBy(s => s.UniqueId.Id).ToList();
        var mails = new List<ReceivedMail>();
        foreach (var summary in found.Take(MostMails))
        {
            if (summary.Size is not { } size || size > LargestMail)
            {
                var headers = await folder.GetHeadersAsync(summary.UniqueId, cancel);
                mails.Add(ReceivedMail.OfHeaders(summary.UniqueId.Id, summary.InternalDate, headers, summary.Size ?? 0));
                continue;
            }
            using var message = await folder.GetMessageAsync(summary.UniqueId, cancel);
            mails.Add(ReceivedMail.Of(summary.UniqueId.Id, summary.InternalDate, message, size));
        }
        return (found.Count > MostMails ? place with { Next = found[MostMails].UniqueId.Id } : place, mails);
    }
}
