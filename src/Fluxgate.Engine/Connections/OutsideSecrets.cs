using System.Text.Json.Serialization;
using Fluxgate.Egress.Databases;
using Fluxgate.Egress.Mail;

namespace Fluxgate.Engine.Connections;

/// <summary>A secret that says by itself which server it is for.</summary>
public interface IServerSecret
{
    string Host { get; }

    int Port { get; }
}

/// <summary>A PostgreSQL database, and how to sign in to it. <paramref name="Ca"/> is PEM, null for the system's authorities.</summary>
public sealed record PostgresqlSecret(string Host, int Port, string Database, string Username, string Password, string? Ca, bool Tls) : CredentialSecret, IServerSecret
{
    [JsonIgnore]
    public override CredentialType Type => CredentialType.Postgresql;

    internal DatabaseServer Server => new(Host, Port, Database, Username, Password, Ca, Tls);
}

/// <summary>A server that mail is sent through. <paramref name="From"/> is who it is from; without a user name nobody signs in.</summary>
public sealed record SmtpSecret(string Host, int Port, MailSecurity Security, string? Username, string? Password, string From, string? Ca) : CredentialSecret, IServerSecret
{
    [JsonIgnore]
    public override CredentialType Type => CredentialType.Smtp;

    internal MailServer Server => new(Host, Port, Security, Username, Password, Ca);
}

/// <summary>A mailbox on a server that is read by IMAP.</summary>
public sealed record ImapSecret(string Host, int Port, MailSecurity Security, string Username, string Password, string? Ca) : CredentialSecret, IServerSecret
{
    [JsonIgnore]
    public override CredentialType Type => CredentialType.Imap;

    internal MailServer Server => new(Host, Port, Security, Username, Password, Ca);
}
