using Fluxgate.Egress;
using Fluxgate.Egress.Mail;
using Fluxgate.Engine.Connections;
using Fluxgate.Server.Hosting;
using Fluxgate.Server.Http;

namespace Fluxgate.Server.Features.Credentials;

/// <summary>What holds for credentials that say by themselves which server they are for.</summary>
internal static class ServerChecks
{
    private const int NameCharacters = 255;
    private const int PasswordCharacters = 1000;
    private const int PemCharacters = 32_768;

    public static void Check(SecretInput secret, Checks checks, CredentialType type, Profile profile, string at)
    {
        // A host and nothing around it: what looks like a path, a list or a user is another protocol's way to say more.
        checks.That(AllowedHost.TryParse(secret.Host, out var host) && !host.Wildcard && host.Port is null, $"{at}/host", "host", "A host name or address, without a port.")
            .That(secret.Port is >= 1 and <= 65535, $"{at}/port", "port", "Between 1 and 65535.")
            .That(secret.Ca is null || (secret.Ca.Length <= PemCharacters && EgressTls.RootsFault(secret.Ca) is null), $"{at}/ca", "pem", $"Certificates in PEM, at most {PemCharacters} characters.");
        var needsUser = type != CredentialType.Smtp || secret.Username is not null || secret.Password is not null;
        checks.That(!needsUser || IsLine(secret.Username, NameCharacters), $"{at}/username", "characters", $"1 to {NameCharacters} characters without control characters.")
            .That(!needsUser || IsLine(secret.Password, PasswordCharacters), $"{at}/password", "characters", $"1 to {PasswordCharacters} characters without control characters.");
        switch (type)
        {
            case CredentialType.Postgresql:
                checks.That(IsLine(secret.Database, 63), $"{at}/database", "characters", "1 to 63 characters without control characters.")
                    .That(secret.Tls != false || profile == Profile.Development, $"{at}/tls", "tls", "A database without TLS is taken in development only.");
                break;
            case CredentialType.Smtp:
                checks.That(secret.Security is not null, $"{at}/security", "required", "tls or starttls.")
                    .That(secret.From is not null && OutgoingMail.IsAddress(secret.From), $"{at}/from", "address", "An address such as clerk@example.com or Clerk <clerk@example.com>.");
                break;
            default:
                checks.That(secret.Security is not null, $"{at}/security", "required", "tls or starttls.");
                break;
        }
    }

    private static bool IsLine(string? text, int most) => text is { Length: > 0 } && text.Length <= most && !text.Any(char.IsControl) && Core.Kernel.StorableText.Is(text);
}
