using MailKit.Net.Smtp;

namespace Fluxgate.Egress.Mail;

/// <summary>A mail that the server took: its Message-ID, and what went and came.</summary>
public sealed record SentMail(string MessageId, int BytesOut, int BytesIn, TimeSpan Duration);

/// <summary>Sends mail through SMTP servers (RFC 5321), on guarded sockets and under TLS alone.</summary>
public sealed class EgressSmtp(GuardedDialer dialer, TimeProvider clock)
{
    /// <summary>What a server says during one mail; a normal one says a few hundred bytes.</summary>
    private const int MostAnswerBytes = 1024 * 1024;

    /// <summary>The mail as it was taken, or why not: <c>mail.…</c>, <c>egress.…</c>. It is taken for all recipients or for none.</summary>
    public async Task<(SentMail? Sent, MailFailure? Failure)> Send(MailServer server, OutgoingMail mail, EgressPolicy policy, CancellationToken cancel)
    {
        var built = mail.Build(clock.GetUtcNow());
        if (built.Error is { } wrong)
            return (null, new MailFailure(wrong, Retryable: false));
        var (message, sender, recipients) = built.Value;
        using (message)
        {
            var started = clock.GetTimestamp();
            // The machine's name is nobody's business.
            using var client = new SmtpClient { LocalDomain = sender.Domain };
            try
            {
                await using var stream = await MailConnection.Open(client, server, dialer, policy, MostAnswerBytes, cancel);
                await client.SendAsync(message, sender, recipients, cancel);
                var sent = new SentMail(message.MessageId!, (int)stream.BytesWritten, (int)stream.BytesRead, clock.GetElapsedTime(started));
                await SayGoodbye(client, cancel);
                return (sent, null);
            }
            catch (Exception e) when (MailConnection.FailureOf(e, server) is { } failure)
            {
                return (null, failure);
            }
        }
    }

    /// <summary>The mail is taken by now; how the connection ends changes nothing of that.</summary>
    private static async Task SayGoodbye(SmtpClient client, CancellationToken cancel)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancel);
        }
        catch (Exception e) when (e is IOException or MailKit.ProtocolException or MailKit.CommandException or OperationCanceledException)
        {
            // It hung up first.
        }
    }
}
