using Fluxgate.Core.Kernel;
using Fluxgate.Egress;
using Fluxgate.Engine.Connections;
using Fluxgate.Engine.Connections.Authentication;
using Fluxgate.Engine.Deliveries;
using Fluxgate.Server.Hosting;
using Fluxgate.Server.Http;

namespace Fluxgate.Server.Features.Credentials;

/// <summary>What each type of credential is made of, and what holds for it.</summary>
internal static class SecretChecks
{
    private const int MaxLength = 8192;
    private const int MaxPem = 32_768;

    private static readonly string[] OfTokens = ["issuer", "token_url", "client_id", "scope", "audience"];

    /// <summary>The members that a type takes.</summary>
    private static readonly Dictionary<CredentialType, string[]> Members = new()
    {
        [CredentialType.ApiKey] = ["in", "name", "prefix", "value"],
        [CredentialType.Bearer] = ["token"],
        [CredentialType.Basic] = ["username", "password"],
        [CredentialType.Hmac] = ["secret"],
        [CredentialType.StandardWebhooks] = ["secret"],
        [CredentialType.OidcClientCredentials] = [.. OfTokens, "client_secret", "client_authentication"],
        [CredentialType.PrivateKeyJwt] = [.. OfTokens, "private_key", "algorithm", "key_id"],
        [CredentialType.Oauth2] = ["issuer", "authorization_url", "token_url", "revocation_url", "client_id", "client_secret", "client_authentication", "scope"],
        [CredentialType.AwsSigv4] = ["access_key_id", "secret_access_key", "session_token", "region", "service"],
        [CredentialType.Mtls] = ["certificate", "private_key"],
        [CredentialType.Postgresql] = ["host", "port", "database", "username", "password", "ca", "tls"],
        [CredentialType.Smtp] = ["host", "port", "security", "username", "password", "from", "ca"],
        [CredentialType.Imap] = ["host", "port", "security", "username", "password", "ca"],
    };

    /// <summary>Headers that frame or route a request; a credential in one of them would be a way to smuggle.</summary>
    private static readonly HashSet<string> ReservedHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Content-Length", "Content-Type", "Transfer-Encoding", "Connection", "Upgrade", "TE", "Trailer", "Expect", "Proxy-Authorization", "Cookie",
    };

    public static void Check(SecretInput secret, Checks checks, CredentialType type, Profile profile, string at)
    {
        foreach (var member in typeof(SecretInput).GetProperties().Where(p => p.GetValue(secret) is not null).Select(p => SnakeCase.From(p.Name)))
            checks.That(Members[type].Contains(member), $"{at}/{member}", "unknown", "This type of credential has no such member.");
        switch (type)
        {
            case CredentialType.ApiKey:
                checks.That(secret.In is not null, $"{at}/in", "required", "header or query.")
                    .That(IsToken(secret.Name) && !(secret.In == ApiKeyPlace.Header && ReservedHeaders.Contains(secret.Name!)), $"{at}/name", "name", "A header or parameter name, and none that frames the request.")
                    .That(secret.Prefix is null || (secret.Prefix.Length <= 50 && IsVisible(secret.Prefix)), $"{at}/prefix", "characters", "At most 50 visible ASCII characters and spaces.")
                    .Visible(secret.Value, $"{at}/value", MaxLength);
                break;
            case CredentialType.Bearer:
                checks.Visible(secret.Token, $"{at}/token", MaxLength);
                break;
            case CredentialType.Basic:
                // RFC 7617, section 2: no colon in the user name, no control characters in either.
                checks.Text(secret.Username, $"{at}/username", 1, 255).Text(secret.Password, $"{at}/password", 0, MaxLength)
                    .That(secret.Username?.Contains(':', StringComparison.Ordinal) != true, $"{at}/username", "characters", "No colon.")
                    .That(!HasControl(secret.Username) && !HasControl(secret.Password), at, "characters", "No control characters.");
                break;
            case CredentialType.Hmac:
                checks.Text(secret.Secret, $"{at}/secret", 32, MaxLength);
                break;
            case CredentialType.StandardWebhooks:
                checks.That(secret.Secret is { Length: <= 200 } && StandardWebhooks.IsSecret(secret.Secret), $"{at}/secret", "secret", "whsec_ and base64 of 24 to 64 bytes.");
                break;
            case CredentialType.OidcClientCredentials:
                Client(checks, secret, profile, at);
                checks.Visible(secret.ClientSecret, $"{at}/client_secret", MaxLength);
                break;
            case CredentialType.PrivateKeyJwt:
                Client(checks, secret, profile, at);
                checks.Optional(secret.KeyId, $"{at}/key_id", 255).That(secret.Algorithm is not null, $"{at}/algorithm", "required", "rs256, ps256 or es256.");
                Pem(checks, secret.PrivateKey, $"{at}/private_key", key => secret.Algorithm is { } algorithm ? ClientAssertion.KeyFault(key, algorithm) : null);
                break;
            case CredentialType.Oauth2:
                var typed = secret.AuthorizationUrl is not null && secret.TokenUrl is not null;
                checks.That(typed || (secret.Issuer is not null && secret.AuthorizationUrl is null && secret.TokenUrl is null && secret.RevocationUrl is null),
                    $"{at}/issuer", "required", "The issuer, or both the authorization and the token address.");
                Addresses(checks, secret, profile, at);
                checks.Visible(secret.ClientId, $"{at}/client_id", 1000).Optional(secret.ClientSecret, $"{at}/client_secret", MaxLength).Optional(secret.Scope, $"{at}/scope", 1000);
                break;
            case CredentialType.AwsSigv4:
                checks.Visible(secret.AccessKeyId, $"{at}/access_key_id", 128).Visible(secret.SecretAccessKey, $"{at}/secret_access_key", MaxLength)
                    .Optional(secret.SessionToken, $"{at}/session_token", MaxLength)
                    .That(IsScopePart(secret.Region), $"{at}/region", "characters", "As in eu-central-1.")
                    .That(IsScopePart(secret.Service), $"{at}/service", "characters", "As in s3 or execute-api.");
                break;
            case CredentialType.Postgresql or CredentialType.Smtp or CredentialType.Imap:
                ServerChecks.Check(secret, checks, type, profile, at);
                break;
            default:
                Pem(checks, secret.Certificate, $"{at}/certificate", _ => null);
                Pem(checks, secret.PrivateKey, $"{at}/private_key", key => secret.Certificate is { Length: <= MaxPem } certificate ? EgressTls.CertificateFault(certificate, key) : null);
                break;
        }
    }

    private static void Client(Checks checks, SecretInput secret, Profile profile, string at)
    {
        Addresses(checks, secret, profile, at);
        checks.That((secret.Issuer is null) != (secret.TokenUrl is null), $"{at}/issuer", "required", "Either the issuer or the token endpoint's address.")
            .Visible(secret.ClientId, $"{at}/client_id", 1000)
            .Optional(secret.Scope, $"{at}/scope", 1000).Optional(secret.Audience, $"{at}/audience", 1000);
    }

    private static void Addresses(Checks checks, SecretInput secret, Profile profile, string at)
    {
        foreach (var (name, address) in ((string, string?)[])[("issuer", secret.Issuer), ("authorization_url", secret.AuthorizationUrl), ("token_url", secret.TokenUrl), ("revocation_url", secret.RevocationUrl)])
            checks.That(address is null || IsAddress(address, profile), $"{at}/{name}", "url", "An absolute https URL without user, query or fragment.");
    }

    private static void Pem(Checks checks, string? text, string at, Func<string, string?> fault)
    {
        var valid = text is { Length: > 0 and <= MaxPem } && text.Contains("-----BEGIN ", StringComparison.Ordinal);
        var why = valid ? fault(text!) : $"PEM of at most {MaxPem} characters.";
        checks.That(why is null, at, "pem", why ?? "");
    }

    private static bool IsAddress(string text, Profile profile) =>
        text.Length <= 2000 && text.IndexOfAny(['?', '#', '@', '\\', '%']) < 0 && Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && profile == Profile.Development));

    private static Checks Visible(this Checks checks, string? text, string at, int max) =>
        checks.That(text is { Length: > 0 } && text.Length <= max && IsVisible(text) && text[0] != ' ' && text[^1] != ' ', at, "characters", $"1 to {max} visible ASCII characters.");

    private static Checks Optional(this Checks checks, string? text, string at, int max) => text is null ? checks : checks.Visible(text, at, max);

    private static bool IsScopePart(string? text) => text is { Length: > 0 and <= 64 } && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private static bool IsToken(string? text) =>
        text is { Length: > 0 and <= 100 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static bool IsVisible(string text) => text.All(c => c is >= ' ' and <= '~');

    private static bool HasControl(string? text) => text?.Any(char.IsControl) == true;
}
