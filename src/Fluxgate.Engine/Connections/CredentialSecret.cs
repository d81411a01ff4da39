using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fluxgate.Engine.Connections;

/// <summary>What a credential is of; connectors and nodes declare which of these they take.</summary>
public enum CredentialType
{
    ApiKey,
    Bearer,
    Basic,
    Hmac,
    OidcClientCredentials,
    PrivateKeyJwt,
    AwsSigv4,
    Mtls,
    StandardWebhooks,
    Oauth2,
    Postgresql,
    Smtp,
    Imap,
}

public enum ApiKeyPlace
{
    Header,
    Query,
}

/// <summary>How a client shows its secret to a token endpoint (RFC 6749, section 2.3.1).</summary>
public enum ClientSecretPlace
{
    ClientSecretBasic,
    ClientSecretPost,
}

/// <summary>The signature of a client's assertion (RFC 7518, section 3.1).</summary>
public enum AssertionAlgorithm
{
    RS256,
    PS256,
    ES256,
}

/// <summary>The values of a credential, in the clear. Never stored, logged or shown: its text form tells nothing.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ApiKeySecret), "api_key")]
[JsonDerivedType(typeof(BearerSecret), "bearer")]
[JsonDerivedType(typeof(BasicSecret), "basic")]
[JsonDerivedType(typeof(HmacSecret), "hmac")]
[JsonDerivedType(typeof(ClientCredentialsSecret), "oidc_client_credentials")]
[JsonDerivedType(typeof(PrivateKeyJwtSecret), "private_key_jwt")]
[JsonDerivedType(typeof(AwsSecret), "aws_sigv4")]
[JsonDerivedType(typeof(CertificateSecret), "mtls")]
[JsonDerivedType(typeof(StandardWebhooksSecret), "standard_webhooks")]
[JsonDerivedType(typeof(OAuthSecret), "oauth2")]
[JsonDerivedType(typeof(PostgresqlSecret), "postgresql")]
[JsonDerivedType(typeof(SmtpSecret), "smtp")]
[JsonDerivedType(typeof(ImapSecret), "imap")]
public abstract record CredentialSecret
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.General) { Converters = { new JsonStringEnumConverter() } };

    [JsonIgnore]
    public abstract CredentialType Type { get; }

    /// <summary>The form that is sealed. The caller wipes it after use.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    public static CredentialSecret FromBytes(ReadOnlySpan<byte> bytes) =>
        JsonSerializer.Deserialize<CredentialSecret>(bytes, Json) ?? throw new JsonException("A credential's secret is null.");

    public sealed override string ToString() => "(secret)";
}

/// <summary><paramref name="Prefix"/> stands before the value, with nothing between.</summary>
public sealed record ApiKeySecret(ApiKeyPlace In, string Name, string? Prefix, string Value) : CredentialSecret
{
    [JsonIgnore]
    public override CredentialType Type => CredentialType.ApiKey;
}

public sealed record BearerSecret(string Token) : CredentialSecret
{
    [JsonIgnore]
    public override CredentialType Type => CredentialType.Bearer;
}

public sealed record BasicSecret(string Username, string Password) : CredentialSecret
{
    [JsonIgnore]
    public override CredentialType Type => CredentialType.Basic;
}

/// <summary>The key of signatures of inbound webhooks; at least 32 characters.</summary>
public sealed record HmacSecret(string Secret) : CredentialSecret
{
    [JsonIgnore]
    public override CredentialType Type => CredentialType.Hmac;
}

/// <summary>The key of signatures of inbound Standard Webhooks: <c>whsec_</c> and base64 of 24–64 bytes.</summary>
public sealed record StandardWebhooksSecret(string Secret) : CredentialSecret
{
    [JsonIgnore]
    public override CredentialType Type => CredentialType.StandardWebhooks;
}

/// <summary>
/// A client of an authorization server, which gives it short-lived tokens. The token endpoint is
/// <paramref name="TokenUrl"/>, or what the server at <paramref name="Issuer"/> says of itself.
/// </summary>
public abstract record TokenSecret(string? Issuer, string? TokenUrl, string ClientId, string? Scope, string? Audience) : CredentialSecret;

public sealed record ClientCredentialsSecret(
    string? Issuer, string? TokenUrl, string ClientId, string ClientSecret, ClientSecretPlace ClientAuthentication, string? Scope, string? Audience)
    : TokenSecret(Issuer, TokenUrl, ClientId, Scope, Audience)
{
    [JsonIgnore]
    public override CredentialType Type => CredentialType.OidcClientCredentials;
}

/// <summary>The same by a signed assertion instead of a shared secret (RFC 7523). <paramref name="PrivateKey"/> in PEM.</summary>
public sealed record PrivateKeyJwtSecret(
    string? Issuer, string? TokenUrl, string ClientId, string PrivateKey, AssertionAlgorithm Algorithm, string? KeyId, string? Scope, string? Audience)
    : TokenSecret(Issuer, TokenUrl, ClientId, Scope, Audience)
{
    [JsonIgnore]
    public override CredentialType Type => CredentialType.PrivateKeyJwt;
}

/// <summary>
/// A client at which people connect their own accounts, in the browser. The endpoints are typed, or what the server at
/// <paramref name="Issuer"/> says of itself. A client without a secret is a public one.
/// </summary>
public sealed record OAuthSecret(
    string? Issuer, string? AuthorizationUrl, string? TokenUrl, string? RevocationUrl, string ClientId, string? ClientSecret, ClientSecretPlace ClientAuthentication, string? Scope) : CredentialSecret
{
    [JsonIgnore]
    public override CredentialType Type => CredentialType.Oauth2;
}

public sealed record AwsSecret(string AccessKeyId, string SecretAccessKey, string? SessionToken, string Region, string Service) : CredentialSecret
{
    [JsonIgnore]
    public override CredentialType Type => CredentialType.AwsSigv4;
}

/// <summary>A client certificate, its chain after it, and its private key; both in PEM.</summary>
public sealed record CertificateSecret(string Certificate, string PrivateKey) : CredentialSecret
{
    [JsonIgnore]
    public override CredentialType Type => CredentialType.Mtls;
}
