using System.Net.Sockets;
using Fluxgate.Core.Kernel;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Net.Smtp;
using MailKit.Security;
using AuthenticationException = MailKit.Security.AuthenticationException;

namespace Fluxgate.Egress.Mail;

/// <summary>What the mail protocols share: the guarded socket, TLS, signing in, and what their failures mean.</summary>
internal static class MailConnection
{
    /// <summary>Opens the connection that <paramref name="service"/> speaks on, and signs in. The stream counts what goes and comes.</summary>
    public static async Task<CappedStream> Open(MailService service, MailServer server, GuardedDialer dialer, EgressPolicy policy, long mostBytes, CancellationToken cancel)
    {
        var socket = await dialer.Dial(server.Host, server.Port, policy, cancel);
        var stream = new CappedStream(new NetworkStream(socket, ownsSocket: true), mostBytes);
        try
        {
            // The service finds a connection that is secure already.
            var secured = await MailTls.Secure(stream, server, service is SmtpClient smtp ? smtp.LocalDomain : null, cancel);
            await service.ConnectAsync(secured, server.Host, server.Port, SecureSocketOptions.None, cancel);
            if (server.Username is { } username)
            {
                service.AuthenticationMechanisms.RemoveWhere(mechanism => mechanism is not ("PLAIN" or "LOGIN"));
                await service.AuthenticateAsync(username, server.Password ?? "", cancel);
            }
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>The failure that an exception means; null if it is none of the connection's.</summary>
    public static MailFailure? FailureOf(Exception exception, MailServer server)
    {
        switch (exception)
        {
            case AuthenticationException:
            case NotSupportedException when server.Username is not null && !exception.Message.Contains("STARTTLS", StringComparison.Ordinal):
                return Final(Error.Refused("mail.sign_in", $"{server.Host} does not let the user in."));
            case NotSupportedException:
                return Final(Error.Refused("mail.no_tls", $"{server.Host} does not offer STARTTLS; nothing is sent without TLS."));
            case SmtpCommandException smtp:
                var code = (int)smtp.StatusCode;
                return new MailFailure(Error.Refused("mail.refused", $"{server.Host} refused the mail ({code}): {StorableText.Cut(StorableText.Clean(smtp.Message), 500)}"), code is >= 400 and < 500);
            case ImapCommandException imap:
                return Final(Error.Refused("mail.refused", $"{server.Host} refused the command: {StorableText.Cut(StorableText.Clean(imap.ResponseText ?? ""), 500)}"));
            case FolderNotFoundException:
                return Final(Error.Refused("mail.no_folder", $"{server.Host} has no such folder."));
            // A server whose answers leave the client in a state that it cannot go on from.
            case ProtocolException or FolderNotOpenException or ServiceNotConnectedException or ServiceNotAuthenticatedException or FormatException:
                return new MailFailure(new Error("mail.protocol", ErrorKind.Unavailable, $"{server.Host} does not keep to the protocol, or closed the connection."), Retryable: true);
        }
        return EgressFailures.Of(exception, server.Host) is { } error ? new MailFailure(error, EgressFailures.IsTransient(error)) : null;
    }

    private static MailFailure Final(Error error) => new(error, Retryable: false);
}
