using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;
using Fluxgate.Engine.Connections;
using Fluxgate.Engine.Deliveries;

namespace Fluxgate.Server.Features.Hooks;

/// <summary>
/// What a sender proved. <paramref name="DeliveryId"/> makes a repeat of the same delivery find the same run;
/// <paramref name="ProofHeader"/>, if there is one, carries the sender's secret and goes no further.
/// </summary>
internal sealed record ProvenDelivery(string? DeliveryId, string? ProofHeader)
{
    /// <summary>Whether the address asks for no proof.</summary>
    public bool IsAnybody { get; init; }
}

/// <summary>
/// Checks a sender by the trigger's own settings. <c>hmac</c>: the header <c>Fluxgate-Signature: t=…,id=…,v1=…</c> with
/// HMAC-SHA-256 (hex) over <c>t.id.body</c>, <c>t</c> in Unix seconds within five minutes. <c>standard_webhooks</c>: the
/// headers <c>webhook-id</c>, <c>webhook-timestamp</c> and <c>webhook-signature</c> of Standard Webhooks 1.0, within the
/// same time. <c>api_key</c>: the header of the credential. <c>basic</c>: user name and password. <c>none</c>: nothing is asked.
/// </summary>
internal sealed class HookAuthentication(ConnectionCatalog connections, TimeProvider clock)
{
    public const string SignatureHeader = "Fluxgate-Signature";
    private const int MostSignatures = 10;
    private const string DeliveryHeader = "Fluxgate-Delivery";
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    /// <summary>The error's message is for the audit; the sender learns only that it was refused.</summary>
    public async Task<Result<ProvenDelivery>> Check(OrganizationId organization, CelValue triggerSettings, HttpRequest request, byte[] body, CancellationToken cancel)
    {
        triggerSettings.TryGetMember("auth", out var auth);
        var type = Text(auth, "type");
        if (type == TriggerType.NoAuthentication)
            return Delivery(request, proofHeader: null, isAnybody: true);
        var credential = await connections.Credential(organization, Text(auth, "credential"), type, cancel);
        if (credential.Error is { } error)
            return error;
        return credential.Value.Secret switch
        {
            HmacSecret hmac => CheckSignature(hmac, request, body),
            StandardWebhooksSecret standard => CheckStandard(standard, request, body),
            BasicSecret basic => CheckBasic(basic, request),
            ApiKeySecret key => CheckKey(key, request),
            _ => Refused("The credential's type does not prove a sender."),
        };
    }

    private Result<ProvenDelivery> CheckSignature(HmacSecret secret, HttpRequest request, byte[] body)
    {
        var headers = request.Headers[SignatureHeader];
        if (headers.Count != 1)
            return Refused(headers.Count == 0 ? "The signature is missing." : "There are several signatures.");
        string? time = null, id = null, signature = null;
        foreach (var part in headers.ToString().Split(','))
        {
            var (name, value) = part.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (part[..at].Trim(), part[(at + 1)..].Trim()) : ("", "");
            ref var target = ref time;
            if (name == "id")
                target = ref id;
            else if (name == "v1")
                target = ref signature;
            else if (name != "t")
                return Refused("The signature header is malformed.");
            if (target is not null)
                return Refused("The signature header names a part twice.");
            target = value;
        }
        if (time is null || signature is null || id is not { Length: > 0 and <= 100 } || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            return Refused("The signature header is malformed.");
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret.Secret));
        hmac.AppendData(Encoding.UTF8.GetBytes($"{time}.{id}."));
        hmac.AppendData(body);
        var expected = hmac.GetHashAndReset();
        if (signature.Length != expected.Length * 2 || !IsHex(signature) || !CryptographicOperations.FixedTimeEquals(Convert.FromHexString(signature), expected))
            return Refused("The signature is wrong.");
        // After the signature: whoever cannot sign learns nothing about our clock.
        return IsInWindow(time) ? new ProvenDelivery(id, SignatureHeader) : Refused("The signature's time is outside the window.");
    }

    /// <summary>Several signatures stand in one header, separated by spaces, while the sender changes its secret; one of ours is enough.</summary>
    private Result<ProvenDelivery> CheckStandard(StandardWebhooksSecret secret, HttpRequest request, byte[] body)
    {
        var (ids, times, signatures) = (request.Headers["webhook-id"], request.Headers["webhook-timestamp"], request.Headers["webhook-signature"]);
        if (ids.Count != 1 || times.Count != 1 || signatures.Count != 1)
            return Refused("A header of the signature is missing or there several times.");
        var (id, time) = (ids.ToString(), times.ToString());
        if (id.Length is 0 or > 100 || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            || !TryReadTime(time, out var seconds) || seconds.ToString(CultureInfo.InvariantCulture) != time)
            return Refused("A header of the signature is malformed.");
        var expected = Encoding.ASCII.GetBytes(StandardWebhooks.Sign(secret.Secret, id, DateTimeOffset.FromUnixTimeSeconds(seconds), body));
        var given = signatures.ToString().Split(' ', MostSignatures + 1, StringSplitOptions.RemoveEmptyEntries);
        if (given.Length > MostSignatures)
            return Refused("There are too many signatures.");
        var right = false;
        foreach (var signature in given)
            right |= CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), expected);
        if (!right)
            return Refused("The signature is wrong.");
        return IsInWindow(time) ? new ProvenDelivery(id, "webhook-signature") : Refused("The signature's time is outside the window.");
    }

    private static Result<ProvenDelivery> CheckBasic(BasicSecret secret, HttpRequest request)
    {
        var given = request.Headers.Authorization;
        var expected = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{secret.Username}:{secret.Password}"))}";
        return given.Count == 1 && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given.ToString()), Encoding.UTF8.GetBytes(expected))
            ? Delivery(request, "Authorization")
            : Refused("User name and password are missing or wrong.");
    }

    private bool IsInWindow(string time) =>
        TryReadTime(time, out var seconds) && (clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() <= Window;

    /// <summary>Unix seconds up to the year 9999.</summary>
    private static bool TryReadTime(string text, out long seconds) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seconds) && seconds <= 253_402_300_799;

    private static Result<ProvenDelivery> CheckKey(ApiKeySecret key, HttpRequest request)
    {
        // A key in the query would end up in logs on the way.
        if (key.In != ApiKeyPlace.Header)
            return Refused("The key of a webhook is a header.");
        var given = request.Headers[key.Name];
        if (given.Count != 1 || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given.ToString()), Encoding.UTF8.GetBytes(key.Prefix + key.Value)))
            return Refused("The key is missing or wrong.");
        return Delivery(request, key.Name);
    }

    /// <summary>The delivery that the sender names by a header of its own; it need not.</summary>
    private static Result<ProvenDelivery> Delivery(HttpRequest request, string? proofHeader, bool isAnybody = false)
    {
        var delivery = request.Headers[DeliveryHeader].ToString();
        return delivery.Length <= 100 ? new ProvenDelivery(delivery.Length == 0 ? null : delivery, proofHeader) { IsAnybody = isAnybody } : Refused("The delivery id is longer than 100 characters.");
    }

    private static bool IsHex(string text) => text.All(char.IsAsciiHexDigit);

    private static Error Refused(string why) => new("hook.refused", ErrorKind.Unauthenticated, why);

    private static string Text(CelValue map, string name) => map.TryGetMember(name, out var value) && value.Kind == CelKind.String ? value.AsString : "";
}
