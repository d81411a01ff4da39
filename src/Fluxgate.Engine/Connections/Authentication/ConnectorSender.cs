using System.Text;
using Fluxgate.Core.Kernel;
using Fluxgate.Egress;
using Fluxgate.Engine.Anomalies;

namespace Fluxgate.Engine.Connections.Authentication;

/// <summary>A call to a connector's service, before it is signed in.</summary>
public sealed record ConnectorRequest(HttpMethod Method, Uri Address, IReadOnlyList<(string Name, string Value)> Headers, byte[]? Body, TimeSpan Timeout);

/// <summary>
/// What came of a call. <paramref name="Credential"/> is what it was made with, and <paramref name="Token"/> what was sent
/// in its place: both are to be taken out of what the service said.
/// </summary>
public sealed record ConnectorAnswer(Result<EgressResponse> Response, ResolvedCredential? Credential, string? Token);

/// <summary>
/// Makes calls to connectors' services with their authentication, through the guard. A credential is opened here, for the
/// moment of the call, and sent to its own hosts alone.
/// </summary>
public sealed class ConnectorSender(ConnectionCatalog connections, ConnectorTokens tokens, AccountTokens accounts, CredentialUses uses, EgressPolicies policies, EgressHttp egress, ActivityMeter meter, TimeProvider clock)
{
    private const int MaxRedirects = 5;

    /// <summary>
    /// An error if no call was made, as <c>credential.not_found</c>, <c>credential.type</c>, <c>connector.credential_host</c>
    /// or those of signing in. A token that the service no longer takes is replaced once, and the call made again.
    /// <paramref name="user"/> is for what a credential is opened; null for a test, which is an event of its own.
    /// </summary>
    public async Task<Result<ConnectorAnswer>> Send(ResolvedConnector connector, ConnectorRequest request, CredentialUser? user, CancellationToken cancel)
    {
        var opened = await Open(connector, request.Address, cancel);
        if (opened.Error is { } closed)
            return closed;
        var credential = opened.Value.Credential;
        // Before the secret is of any use: a use that cannot be recorded does not happen.
        if (credential is not null && user is not null)
            await uses.Record(connector.Organization, credential, user, request.Address.Authority, cancel);
        var tls = Tls(connector, credential?.Secret as CertificateSecret);
        string? rejected = null;
        while (true)
        {
            ConnectorToken? token = null;
            if (credential?.Secret is TokenSecret or OAuthSecret)
            {
                var got = credential.Secret is TokenSecret
                    ? await tokens.Get(connector, credential, Tls(connector, null), rejected, cancel)
                    : await OfAccount(connector, credential, user?.Starter, rejected, cancel);
                if (got.Error is { } refused)
                    return refused;
                token = got.Value;
            }
            var signed = Authenticate(request, credential?.Secret, token);
            var answer = await egress.Send(
                new EgressRequest(request.Method, signed.Address, signed.Headers, request.Body, request.Timeout, credential?.AllowedHosts)
                {
                    // To get a token takes time, in which the policy may have become narrower.
                    Policy = token is null ? connector.Policy : await policies.Of(connector.Organization, cancel), MaxRedirects = MaxRedirects, Tls = tls,
                },
                cancel);
            Note(connector, signed, answer);
            if (token is not { IsFresh: false } || !answer.Succeeded || answer.Value.Status != 401 || rejected is not null)
                return new ConnectorAnswer(answer, credential, token?.Value);
            rejected = token.Value;
        }
    }

    /// <summary>Why the connector's credential cannot be used, or no token is to be had by it; null if it can. A token is asked for anew.</summary>
    public async Task<Error?> SignIn(ResolvedConnector connector, CancellationToken cancel)
    {
        var opened = await Open(connector, connector.BaseUrl, cancel);
        if (opened.Error is { } closed)
            return closed;
        return opened.Value.Credential switch
        {
            { Secret: TokenSecret } client => (await tokens.Ask(connector, client, Tls(connector, null), cancel)).Error,
            // Whose account it is may be known at a run's start alone.
            { Secret: OAuthSecret } client when connector.Account is not null => (await OfAccount(connector, client, null, null, cancel)).Error,
            _ => null,
        };
    }

    /// <summary>The client certificate and the authorities for connections to the connector's service; null inside for the ordinary.</summary>
    public async Task<Result<EgressTls?>> Tls(ResolvedConnector connector, CancellationToken cancel)
    {
        var opened = await Open(connector, connector.BaseUrl, cancel);
        return opened.Error is { } closed ? closed : Tls(connector, opened.Value.Credential?.Secret as CertificateSecret);
    }

    /// <summary>What went out, and to whom; also to whom the service redirected, who got it too. What the guard refused went nowhere.</summary>
    private void Note(ResolvedConnector connector, ConnectorRequest request, Result<EgressResponse> answer)
    {
        if (answer.Error is { Kind: not ErrorKind.Unavailable })
            return;
        var bytes = request.Address.PathAndQuery.Length + request.Headers.Sum(h => h.Name.Length + (long)h.Value.Length) + (request.Body?.Length ?? 0);
        var activity = new NotedActivity(connector.Organization, ActivitySubject.Connector, connector.Id, clock.GetUtcNow(), bytes, request.Address.Authority);
        meter.Note(activity);
        if (answer.Succeeded && answer.Value.Address.Authority != request.Address.Authority)
            meter.Note(activity with { Place = answer.Value.Address.Authority });
    }

    private async Task<Result<ConnectorToken>> OfAccount(ResolvedConnector connector, ResolvedCredential credential, UserId? starter, string? rejected, CancellationToken cancel) =>
        (connector.Account ?? starter) is { } user
            ? await accounts.Get(connector.Organization, credential, user, rejected, cancel)
            : Error.Refused("connector.no_starter", $"The connector '{connector.Name}' uses the account of who starts a run, and no person did.");

    private sealed record Opened(ResolvedCredential? Credential);

    private async Task<Result<Opened>> Open(ResolvedConnector connector, Uri address, CancellationToken cancel)
    {
        if (connector.Credential is not { } reference)
            return new Opened(null);
        var credential = await connections.Credential(connector.Organization, reference.Name, SnakeCase.From(reference.Type), cancel);
        if (credential.Error is { } closed)
            return closed;
        return credential.Value.AllowsHost(address.Host, address.Port)
            ? new Opened(credential.Value)
            : Error.Refused("connector.credential_host", $"The credential '{reference.Name}' may not go to {address.Authority}.");
    }

    private static EgressTls? Tls(ResolvedConnector connector, CertificateSecret? certificate) =>
        connector.CaCertificates is null && certificate is null ? null : new EgressTls(certificate?.Certificate, certificate?.PrivateKey, connector.CaCertificates);

    private ConnectorRequest Authenticate(ConnectorRequest request, CredentialSecret? secret, ConnectorToken? token) => secret switch
    {
        null or CertificateSecret => request,
        TokenSecret or OAuthSecret => With(request, ("Authorization", $"Bearer {token!.Value}")),
        BearerSecret bearer => With(request, ("Authorization", $"Bearer {bearer.Token}")),
        BasicSecret basic => With(request, ("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{basic.Username}:{basic.Password}"))}")),
        AwsSecret aws => With(request, [.. AwsSignature.Sign(aws, request.Method.Method, request.Address, request.Headers, request.Body, clock.GetUtcNow())]),
        ApiKeySecret { In: ApiKeyPlace.Header } key => With(request, (key.Name, key.Prefix + key.Value)),
        ApiKeySecret key => request with { Address = InQuery(request.Address, key) },
        _ => throw new InvalidOperationException($"A credential of type {secret.Type} does not sign in to a connector."),
    };

    /// <summary>The credential's headers stand instead of any that the workflow set.</summary>
    private static ConnectorRequest With(ConnectorRequest request, params (string Name, string Value)[] headers) => request with
    {
        Headers = [.. request.Headers.Where(h => !headers.Any(n => n.Name.Equals(h.Name, StringComparison.OrdinalIgnoreCase))), .. headers],
    };

    private static Uri InQuery(Uri address, ApiKeySecret key) =>
        new($"{address.AbsoluteUri}{(address.Query.Length == 0 ? "?" : "&")}{Uri.EscapeDataString(key.Name)}={Uri.EscapeDataString(key.Prefix + key.Value)}");
}
