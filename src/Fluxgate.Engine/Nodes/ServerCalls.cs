using System.Globalization;
using Fluxgate.Core.Kernel;
using Fluxgate.Egress;
using Fluxgate.Engine.Connections;

namespace Fluxgate.Engine.Nodes;

/// <summary>What a step's call to a server that a credential names goes through: type, hosts, circuit breaker, time.</summary>
public sealed class ServerCalls(ConnectionCatalog connections, CircuitBreakers breakers, CredentialUses uses, EgressPolicies policies)
{
    /// <summary>
    /// Runs <paramref name="call"/> with the opened secret of the credential that the setting <c>credential</c> names. Errors
    /// before it: <c>credential.not_found</c>, <c>credential.type</c>, <c>credential.host</c>, <c>credential.breaker_open</c>.
    /// </summary>
    public async Task<EffectOutcome> Run<TSecret>(
        StepEffect effect, CredentialType type, Func<TSecret, EgressPolicy, CancellationToken, Task<EffectOutcome>> call, CancellationToken cancel)
        where TSecret : CredentialSecret, IServerSecret
    {
        var opened = await connections.Credential(effect.Organization, effect.Literal("credential"), SnakeCase.From(type), cancel);
        if (opened.Error is { } unusable)
            return EffectOutcome.Final(unusable);
        var credential = opened.Value;
        var secret = (TSecret)credential.Secret;
        if (!credential.AllowsHost(secret.Host, secret.Port))
            return EffectOutcome.Final(Error.Refused("credential.host", $"The credential '{credential.Name}' may not go to {Authority(secret)}."));
        if (await breakers.Refusal(credential.Breaker, cancel) is { } wait)
            return new EffectOutcome(new Error("credential.breaker_open", ErrorKind.Unavailable, $"The circuit breaker of the credential '{credential.Name}' is open; no call is made."), Retryable: true, wait);
        // Before the secret goes anywhere.
        await uses.Record(effect.Organization, credential, new CredentialUser(effect.Workflow, effect.Run, effect.Node.Id, effect.Starter), Authority(secret), cancel);
        var policy = await policies.Of(effect.Organization, cancel);
        var outcome = await EffectOutcome.InTime(effect, inTime => call(secret, policy, inTime), cancel);
        // A failure that may pass, and a certificate that does not hold, are the server's; another refusal is an answer.
        await breakers.Report(credential.Breaker, !outcome.Retryable && outcome.Value.Error?.Code != "egress.tls", effect.IsLastAttempt, cancel);
        if (outcome.Call is { } made)
            outcome = outcome with { Call = made with { Credential = (credential.Name, credential.SecretVersion) } };
        return outcome.Value.Error is { } failed ? outcome with { Value = failed with { Message = new SecretEcho(secret).Hide(failed.Message) } } : outcome;
    }

    /// <summary>The record of a call, without anything that was said.</summary>
    internal static OutsideCall Record(StepEffect effect, IServerSecret secret, string method, TimeSpan duration, int bytesOut, int bytesIn) =>
        new(effect.Node.Id, null, Authority(secret), method, null, (int)duration.TotalMilliseconds, bytesOut, bytesIn);

    private static string Authority(IServerSecret secret) => secret.Host + ":" + secret.Port.ToString(CultureInfo.InvariantCulture);
}
