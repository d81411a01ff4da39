using Fluxgate.Core.Kernel;

namespace Fluxgate.Egress;

/// <summary>What a request must be before a name is looked up for it.</summary>
internal static class EgressRules
{
    // Those that say where a message goes or ends belong to this client; another's value would let one message pass as two.
    private static readonly HashSet<string> OwnHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "TE", "Trailer", "Keep-Alive", "Proxy-Authorization", "Proxy-Connection", "Expect",
    };

    public static Error? Fault(EgressRequest request)
    {
        var address = request.Address;
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            return EgressErrors.Invalid("The address begins with https:// or http://.");
        if (address.UserInfo.Length > 0)
            return EgressErrors.Invalid("An address with a user name or password in it is not taken; use a credential.");
        if (request.AllowedHosts is { } hosts && !hosts.Any(h => h.Allows(address.IdnHost, address.Port)))
            return EgressErrors.HostNotAllowed(address.Host);
        foreach (var (name, value) in request.Headers)
        {
            if (OwnHeaders.Contains(name))
                return EgressErrors.Invalid($"The header {name} is set by Fluxgate.");
            if (name.Length == 0 || !name.All(IsTokenCharacter))
                return EgressErrors.Invalid("A header's name has letters, digits and hyphens.");
            if (value.Any(c => c is '\r' or '\n' or '\0'))
                return EgressErrors.Invalid($"The header {name} holds a line break.");
        }
        return null;
    }

    // RFC 9110, section 5.6.2.
    private static bool IsTokenCharacter(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal);
}
