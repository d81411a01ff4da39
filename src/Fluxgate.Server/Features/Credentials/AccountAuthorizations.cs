using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Egress;
using Fluxgate.Engine.Connections;
using Fluxgate.Engine.Connections.Authentication;
using Fluxgate.Server.Hosting;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Credentials;

/// <summary>What every step of connecting an account needs: the client's secret, opened, and the provider's addresses.</summary>
internal sealed class AccountAuthorizations(
    Database database, KeyVault vault, ConnectionCatalog connections, EgressPolicies policies, TokenEndpoint endpoint, InstallationOptions installation)
{
    /// <summary>Where the provider sends the browser back to: a page of the console, the same for every organization.</summary>
    public string Redirect => new Uri(new Uri(installation.PublicUrl ?? installation.Listen.Split(';')[0]), "/connect").AbsoluteUri;

    public KeyVault Vault => vault;

    public TokenEndpoint Endpoint => endpoint;

    /// <summary>The credential's name, or null if the organization has no such one.</summary>
    public Task<string?> Name(OrganizationCaller caller, Guid id, CancellationToken cancel) =>
        database.As(caller).QueryOptional<string>($"select name from credentials where organization_id = {caller.Organization} and id = {id}", cancel);

    public async Task<Result<AccountClient>> Client(OrganizationCaller caller, Guid id, CancellationToken cancel)
    {
        if (await Name(caller, id, cancel) is not { } name)
            return CredentialErrors.NotFound;
        var credential = await connections.Credential(caller.Organization, name, SnakeCase.From(CredentialType.Oauth2), cancel);
        if (credential.Error is { } refused)
            return refused;
        var secret = (OAuthSecret)credential.Value.Secret;
        var policy = await policies.Of(caller.Organization, cancel);
        var addresses = await endpoint.Addresses(secret, credential.Value.AllowedHosts, policy, cancel);
        return addresses.Error is { } unknown ? unknown : new AccountClient(credential.Value, secret, addresses.Value, policy);
    }

    /// <summary>What a provider is told of a verifier (RFC 7636, section 4.2: S256).</summary>
    public static string Challenge(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
}

/// <summary>A provider's client, for the moment of one request.</summary>
internal sealed record AccountClient(ResolvedCredential Credential, OAuthSecret Secret, AuthorizationAddresses Addresses, EgressPolicy Policy);

internal static class AccountErrors
{
    public static readonly Error NeedsPerson = new("credential.needs_person", ErrorKind.Forbidden, "An account is connected by a signed-in person in the browser; an API key has none.");
    public static readonly Error UnknownState = Error.Refused("credential.state_unknown", "This connection was not begun in this session, is done, or took longer than ten minutes; begin again.");
    public static readonly Error WrongIssuer = Error.Refused("credential.issuer_mismatch", "The answer comes from another provider than was asked; nothing was connected.");

    /// <summary>The provider's or the person's no, by its code (RFC 6749, section 4.1.2.1).</summary>
    public static Error Denied(string code) => Error.Refused("credential.connect_denied", $"The provider connected nothing: {code}.");
}
