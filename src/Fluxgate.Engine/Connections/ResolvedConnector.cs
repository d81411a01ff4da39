using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Egress;

namespace Fluxgate.Engine.Connections;

/// <summary>How a connector signs in to its service.</summary>
public enum ConnectorAuthentication
{
    None,
    ApiKey,
    Bearer,
    Basic,
    OidcClientCredentials,
    PrivateKeyJwt,
    AwsSigv4,
    Mtls,
    OidcUser,
}

/// <summary>One operation of a connector. <paramref name="Path"/> is below the base URL and may hold <c>{parameter}</c>s.</summary>
public sealed record ConnectorEndpoint(string Name, string Method, string Path, int TimeoutSeconds);

/// <summary>What a connector says of its circuit breaker; a member that is left out is as the installation has it.</summary>
public sealed record BreakerSetting(int? FailureThreshold = null, int? OpenSeconds = null, int? Trials = null);

/// <summary>A connector as a run uses it. The credential is named, not opened.</summary>
public sealed record ResolvedConnector(
    OrganizationId Organization, Guid Id, string Name, Uri BaseUrl, IReadOnlyList<ConnectorEndpoint> Endpoints,
    ConnectorAuthentication Authentication, ConnectorCredential? Credential)
{
    /// <summary>What the organization's calls may reach, as of when the connector was read.</summary>
    public required EgressPolicy Policy { get; init; }

    public required BreakerLimits BreakerLimits { get; init; }

    /// <summary>Whether its circuit breaker has something to remember.</summary>
    public required bool HasBreaker { get; init; }

    /// <summary>Calls that may be under way at once, on all nodes together; null for any number.</summary>
    public int? MaxConcurrentCalls { get; init; }

    /// <summary>The only authorities that the service's certificate is verified by, in PEM; null for the system's.</summary>
    public string? CaCertificates { get; init; }

    /// <summary>With <see cref="ConnectorAuthentication.OidcUser"/>: whose account is used; null for that of who started the run.</summary>
    public UserId? Account { get; init; }

    public ConnectorEndpoint? Endpoint(string name) => Endpoints.FirstOrDefault(e => e.Name == name);
}

/// <summary>Which credential, in which generation of its secret.</summary>
public sealed record ConnectorCredential(Guid Id, string Name, CredentialType Type, int SecretVersion);
