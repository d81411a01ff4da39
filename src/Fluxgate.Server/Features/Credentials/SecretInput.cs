using Fluxgate.Egress.Mail;
using Fluxgate.Engine.Connections;
using Fluxgate.Server.Hosting;
using Fluxgate.Server.Http;

namespace Fluxgate.Server.Features.Credentials;

/// <summary>
/// The secret values as they are entered. Members of another type are refused. By type:
/// api_key: <c>in</c> (header or query), <c>name</c>, <c>value</c>, maybe <c>prefix</c>; bearer: <c>token</c>; basic:
/// <c>username</c>, <c>password</c>; hmac: <c>secret</c> of at least 32 characters; standard_webhooks: <c>secret</c>,
/// <c>whsec_</c> and base64 of 24–64 bytes; oidc_client_credentials:
/// <c>issuer</c> or <c>token_url</c>, <c>client_id</c>, <c>client_secret</c>, maybe <c>client_authentication</c>,
/// <c>scope</c>, <c>audience</c>; private_key_jwt: the same with <c>private_key</c> (PEM), <c>algorithm</c> and maybe
/// <c>key_id</c> instead of the client's secret; aws_sigv4: <c>access_key_id</c>, <c>secret_access_key</c>,
/// <c>region</c>, <c>service</c>, maybe <c>session_token</c>; oauth2: <c>issuer</c>, or <c>authorization_url</c> and
/// <c>token_url</c> and maybe <c>revocation_url</c>, then <c>client_id</c>, maybe <c>client_secret</c>,
/// <c>client_authentication</c>, <c>scope</c>; mtls: <c>certificate</c> and <c>private_key</c> (PEM);
/// postgresql: <c>host</c>, <c>port</c>, <c>database</c>, <c>username</c>, <c>password</c>, maybe <c>ca</c> (PEM) and, in
/// development alone, <c>tls</c> false; smtp: <c>host</c>, <c>port</c>, <c>security</c> (tls or starttls), <c>from</c>,
/// maybe <c>username</c>, <c>password</c> and <c>ca</c>; imap: the same with user and password and without <c>from</c>.
/// </summary>
public sealed record SecretInput(
    ApiKeyPlace? In = null, string? Name = null, string? Prefix = null, string? Value = null,
    string? Token = null, string? Username = null, string? Password = null, string? Secret = null,
    string? Issuer = null, string? TokenUrl = null, string? ClientId = null, string? ClientSecret = null, ClientSecretPlace? ClientAuthentication = null,
    string? AuthorizationUrl = null, string? RevocationUrl = null, string? Scope = null, string? Audience = null, AssertionAlgorithm? Algorithm = null, string? KeyId = null,
    string? AccessKeyId = null, string? SecretAccessKey = null, string? SessionToken = null, string? Region = null, string? Service = null,
    string? Certificate = null, string? PrivateKey = null,
    string? Host = null, int? Port = null, string? Database = null, bool? Tls = null, MailSecurity? Security = null, string? From = null, string? Ca = null)
{
    /// <summary>So that a log line with a request in it tells nothing.</summary>
    public override string ToString() => "(secret)";

    internal CredentialSecret ToSecret(CredentialType type) => type switch
    {
        CredentialType.ApiKey => new ApiKeySecret(In!.Value, Name!, Prefix, Value!),
        CredentialType.Bearer => new BearerSecret(Token!),
        CredentialType.Basic => new BasicSecret(Username!, Password!),
        CredentialType.Hmac => new HmacSecret(Secret!),
        CredentialType.StandardWebhooks => new StandardWebhooksSecret(Secret!),
        CredentialType.OidcClientCredentials => new ClientCredentialsSecret(
            Issuer, TokenUrl, ClientId!, ClientSecret!, ClientAuthentication ?? ClientSecretPlace.ClientSecretBasic, Scope, Audience),
        CredentialType.PrivateKeyJwt => new PrivateKeyJwtSecret(Issuer, TokenUrl, ClientId!, PrivateKey!, Algorithm!.Value, KeyId, Scope, Audience),
        CredentialType.Oauth2 => new OAuthSecret(
            Issuer, AuthorizationUrl, TokenUrl, RevocationUrl, ClientId!, ClientSecret, ClientAuthentication ?? ClientSecretPlace.ClientSecretBasic, Scope),
        CredentialType.AwsSigv4 => new AwsSecret(AccessKeyId!, SecretAccessKey!, SessionToken, Region!, Service!),
        CredentialType.Mtls => new CertificateSecret(Certificate!, PrivateKey!),
        CredentialType.Postgresql => new PostgresqlSecret(Host!, Port!.Value, Database!, Username!, Password!, Ca, Tls ?? true),
        CredentialType.Smtp => new SmtpSecret(Host!, Port!.Value, Security!.Value, Username, Password, From!, Ca),
        CredentialType.Imap => new ImapSecret(Host!, Port!.Value, Security!.Value, Username!, Password!, Ca),
        _ => throw new InvalidOperationException($"A credential of type {type} has no secret that is entered."),
    };

    internal void Check(Checks checks, CredentialType type, Profile profile, string at = "/secret") => SecretChecks.Check(this, checks, type, profile, at);
}
