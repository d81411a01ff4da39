using System.Globalization;
using System.Security.Cryptography;
using Fluxgate.Core.Cryptography;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Signatures;
using Fluxgate.Server.Hosting;
using Microsoft.AspNetCore.Http.Features;

namespace Fluxgate.Server.Security.Signatures;

/// <summary>What a signature is checked with: the bytes of the secret, or the public key.</summary>
internal sealed record VerificationKey(SigningAlgorithm Algorithm, byte[] Key);

/// <summary>
/// The one profile of RFC 9421 that requests are signed by: <c>@method</c> and <c>@target-uri</c>, with a body
/// <c>content-type</c> and <c>content-digest</c> (RFC 9530), and of <c>idempotency-key</c> and <c>if-match</c> what the request has;
/// <c>created</c>, <c>expires</c>, <c>nonce</c>, <c>keyid</c>, and <c>tag="fluxgate"</c>. Nothing else is covered: a field that
/// proxies may change would break it.
/// </summary>
internal sealed class RequestSignature(NonceLedger nonces, InstallationOptions installation, TimeProvider clock)
{
    public const string Tag = "fluxgate";
    public const string InputHeader = "Signature-Input";
    public const string Header = "Signature";
    public const string Accepted = "sig1=(\"@method\" \"@target-uri\" \"content-type\" \"content-digest\");created;expires;nonce;keyid;tag=\"fluxgate\"";

    /// <summary>How far the sender's clock may be off, and how long a signature may hold.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(300);

    /// <summary>Nodes may differ in their clocks too; a nonce outlives its signature on the slowest.</summary>
    private static readonly TimeSpan ClocksOfNodes = TimeSpan.FromSeconds(60);

    private static readonly string[] OfContent = ["content-type", "content-digest"];
    private static readonly string[] OfRequest = ["idempotency-key", "if-match"];
    private static readonly string[] Known = ["@method", "@target-uri", .. OfContent, .. OfRequest];
    private static readonly string[] KnownParameters = ["created", "expires", "nonce", "keyid", "alg", "tag"];

    private readonly string? publicOrigin = installation.PublicUrl is { } url ? new Uri(url).GetLeftPart(UriPartial.Authority) : null;

    public static readonly Error Missing = new("signature.missing", ErrorKind.Unauthenticated, "This request must be signed (RFC 9421); the header Accept-Signature says how.");

    /// <summary>The request's signature of this profile; null if it has none, an error if what it has is malformed.</summary>
    public static Result<MessageSignature>? Presented(HttpRequest request)
    {
        var (inputs, values) = (request.Headers[InputHeader], request.Headers[Header]);
        if (inputs.Count == 0 && values.Count == 0)
            return null;
        // Fields that come in lines are one field (RFC 9110, section 5.3).
        if (MessageSignature.Read(string.Join(", ", inputs.AsEnumerable()), string.Join(", ", values.AsEnumerable())) is not { } all)
            return Malformed($"{InputHeader} and {Header} are dictionaries of RFC 9651, with a member of the same name in each.");
        var ours = all.Where(s => s.Tag == Tag).ToList();
        return ours.Count switch
        {
            0 => null,
            1 => ours[0],
            _ => Malformed($"One signature has the tag \"{Tag}\", not several."),
        };
    }

    /// <summary>Null for a signature that fits the request and was never seen before.</summary>
    public async Task<Error?> Refusal(HttpContext context, OrganizationId organization, Guid apiKey, MessageSignature signature, VerificationKey? key)
    {
        var request = context.Request;
        if (Profile(signature) is { } outside)
            return outside;
        if (Uncovered(request, signature) is { } uncovered)
            return uncovered;
        var now = clock.GetUtcNow();
        if (Time(signature, now) is { } late)
            return late;
        if (key is null)
            return new Error("signature.key", ErrorKind.Unauthenticated, "The API key has no signing key of this keyid.");
        if (signature.Algorithm is { } named && named != Name(key.Algorithm))
            return Malformed($"This key signs by {Name(key.Algorithm)}.");
        if (signature.Base(name => Component(request, name)) is not { } message || !Fits(key, message, signature.Value))
            return new Error("signature.mismatch", ErrorKind.Unauthenticated, $"The signature does not fit the request as it arrived here, where its target is {TargetUri(request)}.");
        if (signature.Components.Contains("content-digest") && await OtherContent(context) is { } other)
            return other;
        var end = DateTimeOffset.FromUnixTimeSeconds(signature.Created!.Value) + Window + ClocksOfNodes;
        return await nonces.Take(new Nonce(organization, apiKey, signature.Nonce!, end))
            ? null
            : new Error("signature.replayed", ErrorKind.Unauthenticated, "The nonce was used before; every request has one of its own.");
    }

    private static Error? Profile(MessageSignature signature)
    {
        if (signature.Components.Except(Known).FirstOrDefault() is { } unknown)
            return Malformed($"Not covered by this profile: {unknown}.");
        if (signature.Components.Distinct().Count() != signature.Components.Count)
            return Malformed("A component is covered once.");
        if (signature.Parameters.Parameters.Select(p => p.Key).Except(KnownParameters).FirstOrDefault() is { } parameter)
            return Malformed($"Not a parameter of this profile: {parameter}.");
        if (signature is not { Created: not null, Expires: not null, KeyId: not null, Nonce: not null })
            return Malformed("The parameters created, expires (whole seconds), nonce and keyid (strings) are needed.");
        return signature.Nonce.Length is >= 16 and <= 64 && signature.Nonce.All(c => char.IsAsciiLetterOrDigit(c) || "-_+/=.".Contains(c, StringComparison.Ordinal))
            ? null
            : Malformed("A nonce is 16–64 letters, digits or - _ + / = . characters.");
    }

    /// <summary>Whoever could add an uncovered field, or a body, could change what the request means.</summary>
    private static Error? Uncovered(HttpRequest request, MessageSignature signature)
    {
        IEnumerable<string> needed = ["@method", "@target-uri", .. OfContent.Where(n => HasContent(request) || request.Headers.ContainsKey(n)), .. OfRequest.Where(request.Headers.ContainsKey)];
        return needed.Except(signature.Components).FirstOrDefault() is { } uncovered ? Malformed($"The signature of this request covers {uncovered} too.") : null;
    }

    private static Error? Time(MessageSignature signature, DateTimeOffset now)
    {
        var (created, expires, here) = (signature.Created!.Value, signature.Expires!.Value, now.ToUnixTimeSeconds());
        var window = (long)Window.TotalSeconds;
        if (expires <= created || expires - created > window)
            return Malformed($"expires is after created, and at most {window} seconds.");
        return Math.Abs(here - created) > window || here > expires
            ? new Error("signature.time", ErrorKind.Unauthenticated, string.Create(CultureInfo.InvariantCulture, $"created is at most {window} seconds from this server's time, which is {here}, and expires is not over."))
            : null;
    }

    private static bool Fits(VerificationKey key, byte[] message, byte[] signature) => key.Algorithm == SigningAlgorithm.Ed25519
        ? Ed25519.Verify(key.Key, message, signature)
        : CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key.Key, message), signature);

    private static async Task<Error?> OtherContent(HttpContext context)
    {
        if (ContentDigest.Read(context.Request.Headers["Content-Digest"].ToString()) is not { } digests)
            return Malformed("Content-Digest (RFC 9530) holds sha-256 or sha-512.");
        context.Request.EnableBuffering();
        var fits = await ContentDigest.Fits(digests, context.Request.Body, context.RequestAborted);
        context.Request.Body.Position = 0;
        return fits ? null : new Error("signature.digest", ErrorKind.Unauthenticated, "The body is not the one that Content-Digest says.");
    }

    private string? Component(HttpRequest request, string name) => name switch
    {
        "@method" => request.Method,
        "@target-uri" => TargetUri(request),
        // Several lines of one of these would be read differently by different readers.
        _ => request.Headers[name] is { Count: 1 } field ? field.ToString().Trim() : null,
    };

    /// <summary>
    /// The address that the sender called (RFC 9421, section 2.2.2). Where the public address is configured that is the
    /// only one: a request signed for somebody else's host, who passes it on, does not fit.
    /// </summary>
    private string TargetUri(HttpRequest request)
    {
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!target.StartsWith('/') && Uri.TryCreate(target, UriKind.Absolute, out var absolute))
            target = absolute.PathAndQuery;
        return (publicOrigin ?? Own(request)) + target;
    }

    /// <summary>In lower case and without the port that the scheme implies (RFC 9110, section 4.2.3).</summary>
    private static string Own(HttpRequest request) =>
        Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var own) ? own.GetLeftPart(UriPartial.Authority) : "";

    private static bool HasContent(HttpRequest request) =>
        request.ContentLength is > 0 || (request.ContentLength is null && request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true });

    private static string Name(SigningAlgorithm algorithm) => algorithm == SigningAlgorithm.Ed25519 ? "ed25519" : "hmac-sha256";

    private static Error Malformed(string what) => new("signature.invalid", ErrorKind.Unauthenticated, what);
}
