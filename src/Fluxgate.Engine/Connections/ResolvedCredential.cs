using Fluxgate.Egress;

namespace Fluxgate.Engine.Connections;

/// <summary>An opened credential, for the moment of one call. <see cref="AllowsHost"/> is asked before its secret goes anywhere, redirects included.</summary>
public sealed class ResolvedCredential(Guid id, string name, int secretVersion, CredentialSecret secret, IReadOnlyList<AllowedHost> allowedHosts)
{
    public Guid Id => id;

    public string Name => name;

    public CredentialType Type => secret.Type;

    public int SecretVersion => secretVersion;

    public CredentialSecret Secret => secret;

    public IReadOnlyList<AllowedHost> AllowedHosts => allowedHosts;

    public bool AllowsHost(string host, int port) => allowedHosts.Any(h => h.Allows(host, port));

    /// <summary>For a credential that names its server by itself.</summary>
    public required BreakerSubject Breaker { get; init; }

    public override string ToString() => $"credential {name}";
}
