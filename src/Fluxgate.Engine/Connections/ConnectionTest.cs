using Fluxgate.Core.Kernel;
using Fluxgate.Egress;
using Fluxgate.Engine.Connections.Authentication;

namespace Fluxgate.Engine.Connections;

/// <summary>What is tried, in this order. A stage that fails ends the test.</summary>
public enum ConnectionStage
{
    Reach,
    Tls,
    Authenticate,
    Call,
}

/// <summary>How one stage went. <paramref name="Tls"/> is what the server showed, <paramref name="Status"/> of an answered call.</summary>
public sealed record StageResult(ConnectionStage Stage, int Milliseconds, Error? Error, TlsFacts? Tls, int? Status);

/// <summary>
/// Tries a connector's connection stage by stage, as a run would make it, and tells where it breaks. The circuit breaker
/// hears nothing of it: a test is not a step.
/// </summary>
public sealed class ConnectionTest(ConnectorSender sender, EgressPolicies policies, EgressProbe probe, TimeProvider clock)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>The stages up to the first that fails. <paramref name="endpoint"/> is called if it is given; its path has no parameters.</summary>
    public async Task<IReadOnlyList<StageResult>> Run(ResolvedConnector connector, ConnectorEndpoint? endpoint, CancellationToken cancel)
    {
        var results = new List<StageResult>();
        var policy = await policies.Of(connector.Organization, cancel);
        var address = connector.BaseUrl;
        if (!await Stage(ConnectionStage.Reach, async () => ((await probe.Reach(address, policy, cancel)).Error, null, null)))
            return results;
        var certificate = await sender.Tls(connector, cancel);
        if (certificate.Error is { } closed)
        {
            results.Add(new StageResult(ConnectionStage.Authenticate, 0, closed, null, null));
            return results;
        }
        if (address.Scheme == Uri.UriSchemeHttps && !await Stage(ConnectionStage.Tls, async () =>
        {
            var greeted = await probe.Greet(address, policy, certificate.Value, cancel);
            return greeted.Error is { } refused ? (refused, null, null) : (null, greeted.Value, null);
        }))
            return results;
        if (connector.Credential is not null && !await Stage(ConnectionStage.Authenticate, async () => (await sender.SignIn(connector, cancel), null, null)))
            return results;
        if (endpoint is not null)
            await Stage(ConnectionStage.Call, () => Call(connector, endpoint, cancel));
        return results;

        async Task<bool> Stage(ConnectionStage stage, Func<Task<(Error? Error, TlsFacts? Tls, int? Status)>> attempt)
        {
            var started = clock.GetTimestamp();
            var (error, tls, status) = await attempt();
            results.Add(new StageResult(stage, (int)clock.GetElapsedTime(started).TotalMilliseconds, error, tls, status));
            return error is null;
        }
    }

    private async Task<(Error? Error, TlsFacts? Tls, int? Status)> Call(ResolvedConnector connector, ConnectorEndpoint endpoint, CancellationToken cancel)
    {
        var address = new Uri($"{connector.BaseUrl.AbsoluteUri.TrimEnd('/')}/{endpoint.Path.TrimStart('/')}");
        var sent = await sender.Send(
            connector, new ConnectorRequest(new HttpMethod(endpoint.Method), address, [("Accept", "application/json"), ("User-Agent", "Fluxgate")], null, Limit), null, cancel);
        if ((sent.Error ?? sent.Value.Response.Error) is { } failed)
            return (failed, null, null);
        var status = sent.Value.Response.Value.Status;
        // What the service said stays out: it may echo the credential.
        return (status < 400 ? null : Error.Refused("http.status", $"The service answered {status}."), null, status);
    }
}
