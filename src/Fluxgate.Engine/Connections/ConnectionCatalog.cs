using System.Security.Cryptography;
using System.Text.Json;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Egress;

namespace Fluxgate.Engine.Connections;

/// <summary>
/// The engine's way to connectors and credentials. Type and hosts were checked when they were saved; they are checked
/// again here, since rows change and a run may be older than what it refers to.
/// </summary>
public sealed class ConnectionCatalog(Database database, KeyVault vault, EngineOptions options)
{
    public static readonly Error NoConnector = Error.NotFound("connector");
    public static readonly Error NoCredential = Error.NotFound("credential");

    /// <summary>How endpoints are kept in <c>connectors.endpoints</c>.</summary>
    public static JsonSerializerOptions StoredJson { get; } = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private sealed record ConnectorRow(
        Guid Id, string BaseUrl, string Endpoints, ConnectorAuthentication Authentication,
        Guid? CredentialId, string? CredentialName, CredentialType? CredentialType, int? SecretVersion, string[]? AllowedHosts, string? CaCertificates, UserId? AccountUserId, string? Breaker, bool HasBreaker, int? MaxConcurrentCalls, EgressMode? EgressMode, string[]? EgressAllow);

    private sealed record CredentialRow(Guid Id, CredentialType Type, string[] AllowedHosts, byte[] Secret, int SecretVersion, bool HasBreaker);

    /// <summary>
    /// The connector of that name. Errors: <c>connector.not_found</c>, <c>connector.credential_type</c>,
    /// <c>connector.credential_host</c>.
    /// </summary>
    public async Task<Result<ResolvedConnector>> Resolve(OrganizationId organization, string connectorName, CancellationToken cancel)
    {
        var row = await database.Engine(organization).QueryOptional<ConnectorRow>($"""
            select c.id, c.base_url, c.endpoints::text as endpoints, c.authentication,
                   k.id as credential_id, k.name as credential_name, k.type as credential_type, k.secret_version, k.allowed_hosts, c.ca_certificates, c.account_user_id,
                   c.breaker::text as breaker, b.connector_id is not null as has_breaker, c.max_concurrent_calls, p.mode as egress_mode, p.allow as egress_allow
            from connectors c
            left join connector_breakers b on b.organization_id = c.organization_id and b.connector_id = c.id
            left join credentials k on k.organization_id = c.organization_id and k.id = c.credential_id
            left join egress_policies p on p.organization_id = c.organization_id
            where c.organization_id = {organization} and c.name = {connectorName}
            """, cancel);
        if (row is null)
            return NoConnector;
        var baseUrl = new Uri(row.BaseUrl);
        ConnectorCredential? credential = null;
        if (row.Authentication != ConnectorAuthentication.None)
        {
            if (row.CredentialType is not { } type || !Takes(row.Authentication, type))
                return Error.Refused("connector.credential_type", $"The connector '{connectorName}' needs a credential of type {SnakeCase.From(row.Authentication)}.");
            if (!Parse(row.AllowedHosts!).Any(h => h.Allows(baseUrl.Host, baseUrl.Port)))
                return Error.Refused("connector.credential_host", $"The credential '{row.CredentialName}' may not go to {baseUrl.Authority}.");
            credential = new ConnectorCredential(row.CredentialId!.Value, row.CredentialName!, type, row.SecretVersion!.Value);
        }
        var endpoints = JsonSerializer.Deserialize<ConnectorEndpoint[]>(row.Endpoints, StoredJson)!;
        return new ResolvedConnector(organization, row.Id, connectorName, baseUrl, endpoints, row.Authentication, credential)
        {
            Policy = EgressPolicies.Of(row.EgressMode, row.EgressAllow), CaCertificates = row.CaCertificates, Account = row.AccountUserId, BreakerLimits = Limits(row.Breaker), HasBreaker = row.HasBreaker, MaxConcurrentCalls = row.MaxConcurrentCalls,
        };
    }

    private BreakerLimits Limits(string? setting)
    {
        var own = setting is null ? new BreakerSetting() : JsonSerializer.Deserialize<BreakerSetting>(setting, StoredJson)!;
        return new BreakerLimits(
            own.FailureThreshold ?? options.BreakerFailureThreshold,
            own.OpenSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : options.BreakerOpenTime,
            own.Trials ?? options.BreakerTrials);
    }

    /// <summary>
    /// The credential of that name with its secret opened: to be asked just before the call, not to be kept.
    /// <paramref name="requiredType"/> is the snake_case name of a <see cref="CredentialType"/>. Errors:
    /// <c>credential.not_found</c>, <c>credential.type</c>.
    /// </summary>
    public async Task<Result<ResolvedCredential>> Credential(OrganizationId organization, string name, string requiredType, CancellationToken cancel)
    {
        var row = await database.Engine(organization).QueryOptional<CredentialRow>($"""
            select k.id, k.type, k.allowed_hosts, k.secret, k.secret_version, b.credential_id is not null as has_breaker
            from credentials k
            left join credential_breakers b on b.organization_id = k.organization_id and b.credential_id = k.id
            where k.organization_id = {organization} and k.name = {name}
            """, cancel);
        if (row is null)
            return NoCredential;
        // Before it is opened: a secret of another type is never in the clear here.
        if (SnakeCase.From(row.Type) != requiredType)
            return WrongType(name, row.Type, requiredType);
        var cipher = await vault.For(organization, cancel);
        var plaintext = cipher.Open(SealedField.CredentialSecret, row.Id, row.Secret);
        try
        {
            var secret = CredentialSecret.FromBytes(plaintext);
            // The sealed value says its type too, which the type column cannot be edited against.
            return secret.Type == row.Type
                ? new ResolvedCredential(row.Id, name, row.SecretVersion, secret, Parse(row.AllowedHosts))
                {
                    Breaker = new BreakerSubject(organization, "credential", row.Id, name, Limits(null), row.HasBreaker),
                }
                : WrongType(name, secret.Type, requiredType);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }

    /// <summary>Whether a connector that signs in this way takes a credential of that type.</summary>
    public static bool Takes(ConnectorAuthentication authentication, CredentialType type) => authentication switch
    {
        ConnectorAuthentication.ApiKey => type == CredentialType.ApiKey,
        ConnectorAuthentication.Bearer => type == CredentialType.Bearer,
        ConnectorAuthentication.Basic => type == CredentialType.Basic,
        ConnectorAuthentication.OidcClientCredentials => type == CredentialType.OidcClientCredentials,
        ConnectorAuthentication.PrivateKeyJwt => type == CredentialType.PrivateKeyJwt,
        ConnectorAuthentication.AwsSigv4 => type == CredentialType.AwsSigv4,
        ConnectorAuthentication.Mtls => type == CredentialType.Mtls,
        ConnectorAuthentication.OidcUser => type == CredentialType.Oauth2,
        _ => false,
    };

    /// <summary>Entries that do not parse allow nothing.</summary>
    public static IReadOnlyList<AllowedHost> Parse(IEnumerable<string> entries) =>
        [.. entries.Select(e => AllowedHost.TryParse(e, out var host) ? host : null).OfType<AllowedHost>()];

    private static Error WrongType(string name, CredentialType actual, string required) =>
        Error.Refused("credential.type", $"The credential '{name}' is of type {SnakeCase.From(actual)}; this needs {required}.");
}
