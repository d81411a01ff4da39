using System.Text.Json;
using Fluxgate.Core.Kernel;
using Fluxgate.Egress;

namespace Fluxgate.Engine.Connections.Authentication;

/// <summary>Where people connect their accounts, and where the tokens come from. <paramref name="NamesItself"/>: its answers in the browser tell the issuer (RFC 9207).</summary>
public sealed record AuthorizationAddresses(string? Issuer, Uri Authorization, Uri Token, Uri? Revocation, bool NamesItself);

/// <summary>The grants of accounts that people connected (RFC 6749, sections 4.1 and 6), and their end (RFC 7009).</summary>
public sealed partial class TokenEndpoint
{
    /// <summary>The typed addresses, or those that the issuer says. Errors: those of <see cref="EgressHttp.Send"/>, <c>connector.discovery_failed</c>.</summary>
    public async Task<Result<AuthorizationAddresses>> Addresses(OAuthSecret secret, IReadOnlyCollection<AllowedHost> hosts, EgressPolicy policy, CancellationToken cancel)
    {
        if (secret is { AuthorizationUrl: { } authorization, TokenUrl: { } token })
            return new AuthorizationAddresses(secret.Issuer, new Uri(authorization), new Uri(token), secret.RevocationUrl is { } typed ? new Uri(typed) : null, NamesItself: false);
        var document = await Discover(secret.Issuer!, new Call(hosts, policy, null), cancel);
        if (document.Error is { } failed)
            return failed;
        if (Named(document.Value, "authorization_endpoint") is not { } authorize || Named(document.Value, "token_endpoint") is not { } exchange)
            return Undiscovered(new Uri(secret.Issuer!).Host, "its description names no authorization or token endpoint");
        var namesItself = document.Value.TryGetProperty("authorization_response_iss_parameter_supported", out var supported) && supported.ValueKind == JsonValueKind.True;
        return new AuthorizationAddresses(secret.Issuer, authorize, exchange, Named(document.Value, "revocation_endpoint"), namesItself);
    }

    /// <summary>Tokens for a code, with the verifier of its challenge (RFC 7636, section 4.5).</summary>
    public Task<Result<IssuedToken>> Exchange(
        OAuthSecret secret, AuthorizationAddresses addresses, string code, string redirect, string verifier, IReadOnlyCollection<AllowedHost> hosts, EgressPolicy policy, CancellationToken cancel) =>
        Ask(addresses.Token, [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect), ("code_verifier", verifier)], Client(secret), new Call(hosts, policy, null), cancel);

    internal Task<Result<IssuedToken>> Refresh(
        OAuthSecret secret, AuthorizationAddresses addresses, string refreshToken, IReadOnlyCollection<AllowedHost> hosts, EgressPolicy policy, CancellationToken cancel) =>
        Ask(addresses.Token, [("grant_type", "refresh_token"), ("refresh_token", refreshToken)], Client(secret), new Call(hosts, policy, null), cancel);

    /// <summary>Whether the server took the token back; one without a revocation endpoint cannot.</summary>
    public async Task<bool> Revoke(OAuthSecret secret, AuthorizationAddresses addresses, string token, IReadOnlyCollection<AllowedHost> hosts, EgressPolicy policy, CancellationToken cancel) =>
        addresses.Revocation is { } address
        && await Post(address, [("token", token)], Client(secret), new Call(hosts, policy, null), cancel) is { Succeeded: true } answer && answer.Value.Status == 200;

    private static (string Id, string? Secret, ClientSecretPlace Place)? Client(OAuthSecret secret) => (secret.ClientId, secret.ClientSecret, secret.ClientAuthentication);
}
