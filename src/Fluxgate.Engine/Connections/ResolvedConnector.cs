using Fluxgate.Core.Kernel;

namespace Fluxgate.Engine.Connections;

/// <summary>How a connector signs in to its service.</summary>
public enum ConnectorAuthentication
{
    None,
    ApiKey,
    Bearer,
    Basic,
}

/// <summary>One operation of a connector. <paramref name="Path"/> is below the base URL and may hold <c>{parameter}</c>s.</summary>
public sealed record ConnectorEndpoint(string Name, string Method, string Path, int TimeoutSeconds);

/// <summary>A connector as a run uses it. The credential is named, not opened.</summary>
public sealed record ResolvedConnector(
    OrganizationId Organization, Guid Id, string Name, Uri BaseUrl, IReadOnlyList<ConnectorEndpoint> Endpoints,
    ConnectorAuthentication Authentication, ConnectorCredential? Credential)
{
    public ConnectorEndpoint? Endpoint(string name) => Endpoints.FirstOrDefault(e => e.Name == name);
}

/// <summary>Which credential, in which generation of its secret.</summary>
public sealed record ConnectorCredential(Guid Id, string Name, CredentialType Type, int SecretVersion);
