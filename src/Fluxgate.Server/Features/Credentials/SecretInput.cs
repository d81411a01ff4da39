using Fluxgate.Engine.Connections;
using Fluxgate.Server.Http;

namespace Fluxgate.Server.Features.Credentials;

/// <summary>
/// The secret values as they are entered, by type — api_key: <c>in</c> (header or query), <c>name</c>, <c>value</c> and
/// maybe <c>prefix</c>; bearer: <c>token</c>; basic: <c>username</c>, <c>password</c>; hmac: <c>secret</c> of at least 32
/// characters. Members of another type are refused.
/// </summary>
public sealed record SecretInput(
    ApiKeyPlace? In = null, string? Name = null, string? Prefix = null, string? Value = null,
    string? Token = null, string? Username = null, string? Password = null, string? Secret = null)
{
    private const int MaxLength = 8192;

    /// <summary>Headers that frame or route a request; a credential in one of them would be a way to smuggle.</summary>
    private static readonly HashSet<string> ReservedHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Content-Length", "Content-Type", "Transfer-Encoding", "Connection", "Upgrade", "TE", "Trailer", "Expect", "Proxy-Authorization", "Cookie",
    };

    /// <summary>So that a log line with a request in it tells nothing.</summary>
    public override string ToString() => "(secret)";

    internal CredentialSecret ToSecret(CredentialType type) => type switch
    {
        CredentialType.ApiKey => new ApiKeySecret(In!.Value, Name!, Prefix, Value!),
        CredentialType.Bearer => new BearerSecret(Token!),
        CredentialType.Basic => new BasicSecret(Username!, Password!),
        _ => new HmacSecret(Secret!),
    };

    internal void Check(Checks checks, CredentialType type, string at = "/secret")
    {
        var present = new (string Name, bool Given)[]
        {
            ("in", In is not null), ("name", Name is not null), ("prefix", Prefix is not null), ("value", Value is not null),
            ("token", Token is not null), ("username", Username is not null), ("password", Password is not null), ("secret", Secret is not null),
        };
        string[] taken = type switch
        {
            CredentialType.ApiKey => ["in", "name", "prefix", "value"],
            CredentialType.Bearer => ["token"],
            CredentialType.Basic => ["username", "password"],
            _ => ["secret"],
        };
        foreach (var (name, given) in present)
            checks.That(!given || taken.Contains(name), $"{at}/{name}", "unknown", "This type of credential has no such member.");
        switch (type)
        {
            case CredentialType.ApiKey:
                checks.That(In is not null, $"{at}/in", "required", "header or query.")
                    .That(IsToken(Name) && !(In == ApiKeyPlace.Header && ReservedHeaders.Contains(Name!)), $"{at}/name", "name", "A header or parameter name, and none that frames the request.")
                    .That(Prefix is null || (Prefix.Length <= 50 && IsVisible(Prefix)), $"{at}/prefix", "characters", "At most 50 visible ASCII characters and spaces.")
                    .That(IsHeaderValue(Value), $"{at}/value", "characters", "1 to 8192 visible ASCII characters.");
                break;
            case CredentialType.Bearer:
                checks.That(IsHeaderValue(Token), $"{at}/token", "characters", "1 to 8192 visible ASCII characters.");
                break;
            case CredentialType.Basic:
                // RFC 7617, section 2: no colon in the user name, no control characters in either.
                checks.Text(Username, $"{at}/username", 1, 255).Text(Password, $"{at}/password", 0, MaxLength)
                    .That(Username?.Contains(':', StringComparison.Ordinal) != true, $"{at}/username", "characters", "No colon.")
                    .That(!HasControl(Username) && !HasControl(Password), at, "characters", "No control characters.");
                break;
            default:
                checks.Text(Secret, $"{at}/secret", 32, MaxLength);
                break;
        }
    }

    private static bool IsToken(string? text) =>
        text is { Length: > 0 and <= 100 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static bool IsHeaderValue(string? text) => text is { Length: > 0 and <= MaxLength } && IsVisible(text) && text[0] != ' ' && text[^1] != ' ';

    private static bool IsVisible(string text) => text.All(c => c is >= ' ' and <= '~');

    private static bool HasControl(string? text) => text?.Any(char.IsControl) == true;
}
