using System.Text.Json;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Connections;

namespace Fluxgate.Server.Features.Connectors;

/// <summary>How a connector signs in: <paramref name="Type"/>, and unless that is none the name of a credential of the same type
/// (oidc_user: oauth2). With oidc_user, <paramref name="Account"/> is the member whose account is used; null for who starts the run.</summary>
public sealed record ConnectorAuthenticationSetting(ConnectorAuthentication Type, string? Credential = null, UserId? Account = null);

/// <summary>One operation. <paramref name="Path"/> is below the base URL and may hold <c>{parameter}</c>s; 1–300 seconds, by default 30.</summary>
public sealed record ConnectorEndpointSetting(string Name, string Method, string Path, int TimeoutSeconds = 30);

/// <summary><paramref name="Failures"/> of steps in a row; <paramref name="Until"/> is when an open one lets calls be tried.</summary>
public sealed record BreakerResponse(BreakerState State, int Failures, DateTimeOffset? Until);

/// <summary>
/// A connector as it is read; <paramref name="Version"/> is in the ETag too. <paramref name="Breaker"/> is what it says of
/// its circuit breaker, null if that is as the installation has it; <paramref name="BreakerStatus"/> is how that stands.
/// <paramref name="CaCertificates"/>, PEM, are the only authorities that its service's certificate is verified by; null for the system's.
/// <paramref name="MaxConcurrentCalls"/>: 1–1000 calls of steps that may be under way at once, on all servers together; null for any number.
/// </summary>
public sealed record ConnectorResponse(
    Guid Id, string Name, string Description, string BaseUrl, ConnectorAuthenticationSetting Authentication,
    IReadOnlyList<ConnectorEndpointSetting> Endpoints, BreakerSetting? Breaker, BreakerResponse BreakerStatus, string? CaCertificates, int? MaxConcurrentCalls, int Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

internal sealed record ConnectorRow(
    Guid Id, string Name, string Description, string BaseUrl, ConnectorAuthentication Authentication, string? Credential,
    string Endpoints, string? Breaker, BreakerState? BreakerState, int? BreakerFailures, DateTimeOffset? BreakerUntil, string? CaCertificates, UserId? AccountUserId, int? MaxConcurrentCalls, int Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    /// <summary>Connectors <c>c</c> with the name of the credential <c>k</c> and the state of the breaker <c>b</c>.</summary>
    public static Sql Selection => $"""
        select c.id, c.name, c.description, c.base_url, c.authentication, k.name as credential, c.endpoints::text as endpoints, c.breaker::text as breaker,
               b.state as breaker_state, b.failures as breaker_failures, b.until as breaker_until, c.ca_certificates, c.account_user_id, c.max_concurrent_calls, c.version, c.created_at, c.updated_at
        from connectors c
        left join connector_breakers b on b.organization_id = c.organization_id and b.connector_id = c.id
        left join credentials k on k.organization_id = c.organization_id and k.id = c.credential_id
        """;

    public ConnectorResponse ToResponse() => new(
        Id, Name, Description, BaseUrl, new ConnectorAuthenticationSetting(Authentication, Credential, AccountUserId),
        JsonSerializer.Deserialize<ConnectorEndpointSetting[]>(Endpoints, ConnectionCatalog.StoredJson)!,
        Breaker is null ? null : JsonSerializer.Deserialize<BreakerSetting>(Breaker, ConnectionCatalog.StoredJson),
        new BreakerResponse(BreakerState ?? Core.Runs.BreakerState.Closed, BreakerFailures ?? 0, BreakerState is Core.Runs.BreakerState.Open ? BreakerUntil : null), CaCertificates, MaxConcurrentCalls, Version, CreatedAt, UpdatedAt);
}

internal static class ConnectorErrors
{
    public static readonly Error NotFound = Error.NotFound("connector");
    public static readonly Error NameTaken = Error.Conflict("connector.name_taken", "There is a connector with this name.");

    public static Error CredentialUnknown(string name) => Refused("connector.credential_unknown", $"There is no credential '{name}'.");

    public static Error CredentialType(ConnectorAuthentication needed, CredentialType actual) =>
        Refused("connector.credential_type", $"This authentication needs a credential of type {SnakeCase.From(needed)}; this one is of type {SnakeCase.From(actual)}.");

    public static Error CredentialHost(string credential, string authority) =>
        Refused("connector.credential_host", $"The credential '{credential}' may not go to {authority}; add the host to the credential, with its secret.");

    /// <summary>Otherwise whoever edits connectors could act with any colleague's account.</summary>
    public static readonly Error OthersAccount = Error.Refused(
        "connector.others_account", "Only the person whose account it is may let a connector use it.", [new FieldError("/authentication/account", "others_account", "Your own account, or nobody's.")]);

    private static Error Refused(string code, string message) =>
        Error.Refused(code, message, [new FieldError("/authentication/credential", code[(code.IndexOf('.', StringComparison.Ordinal) + 1)..], message)]);
}
