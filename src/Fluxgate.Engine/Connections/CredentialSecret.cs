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
}

public enum ApiKeyPlace
{
    Header,
    Query,
}

/// <summary>The values of a credential, in the clear. Never stored, logged or shown: its text form tells nothing.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ApiKeySecret), "api_key")]
[JsonDerivedType(typeof(BearerSecret), "bearer")]
[JsonDerivedType(typeof(BasicSecret), "basic")]
[JsonDerivedType(typeof(HmacSecret), "hmac")]
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
