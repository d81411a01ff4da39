using Fluxgate.Core.Kernel;

namespace Fluxgate.Egress.Mail;

/// <summary>How a connection to a mail server becomes secure; there is no way to have one that is not.</summary>
public enum MailSecurity
{
    /// <summary>TLS from the first byte.</summary>
    Tls,

    /// <summary>Plain greeting, then TLS; a server that does not offer it is refused.</summary>
    Starttls,
}

/// <summary>A server for mail. <paramref name="Authorities"/> is PEM; null for the system's. Without a user name nobody signs in.</summary>
public sealed record MailServer(string Host, int Port, MailSecurity Security, string? Username, string? Password, string? Authorities)
{
    public override string ToString() => $"{Host}:{Port}";
}

/// <summary>A failure; <paramref name="Retryable"/> if it may go well later.</summary>
public sealed record MailFailure(Error Error, bool Retryable);
