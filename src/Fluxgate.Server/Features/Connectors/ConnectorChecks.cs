using System.Text.Json;
using System.Text.RegularExpressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Egress;
using Fluxgate.Engine.Connections;
using Fluxgate.Server.Hosting;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.Connectors;

/// <summary>The part of a connector that create and update share.</summary>
internal sealed record ConnectorContent(string Description, string BaseUrl, ConnectorAuthenticationSetting Authentication, ConnectorEndpointSetting[] Endpoints, BreakerSetting? Breaker, string? CaCertificates, int? MaxConcurrentCalls);

/// <summary>What holds for every connector that is saved.</summary>
internal static partial class ConnectorChecks
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

    [GeneratedRegex(@"^[a-z][a-z0-9_-]{0,62}\z")]
    private static partial Regex NameForm();

    /// <summary>Segments of unreserved characters and whole <c>{parameter}</c>s; no query, fragment or percent sign.</summary>
    [GeneratedRegex(@"^(/([A-Za-z0-9._~!$&'()*+,;=:@-]|\{[a-z][a-z0-9_]{0,40}\})*)+\z")]
    private static partial Regex PathForm();

    public static bool IsName(string? name) => name is not null && NameForm().IsMatch(name);

    public static Checks Content(this Checks checks, ConnectorContent content, Profile profile)
    {
        checks.Text(content.Description, "/description", 0, 1000);
        BaseUrl(checks, content.BaseUrl, profile);
        var (type, credential, account) = content.Authentication;
        checks.That((type == ConnectorAuthentication.None) == (credential is null), "/authentication/credential", "credential", "Needed unless the type is none, and not taken if it is.")
            .That(account is null || type == ConnectorAuthentication.OidcUser, "/authentication/account", "unknown", "Only oidc_user uses somebody's account.")
            .That(content.Endpoints.Length <= 200, "/endpoints", "length", "At most 200 endpoints.")
            .That(content.Breaker?.FailureThreshold is null or (>= 1 and <= 1000), "/breaker/failure_threshold", "range", "1–1000 steps.")
            .That(content.Breaker?.OpenSeconds is null or (>= 1 and <= 3600), "/breaker/open_seconds", "range", "1–3600 seconds.")
            .That(content.Breaker?.Trials is null or (>= 1 and <= 100), "/breaker/trials", "range", "1–100 calls.")
            .That(content.MaxConcurrentCalls is null or (>= 1 and <= 1000), "/max_concurrent_calls", "range", "1–1000 calls.");
        if (content.CaCertificates is { } roots)
        {
            var fault = roots.Length > 100_000 ? "At most 100,000 characters." : EgressTls.RootsFault(roots);
            checks.That(fault is null, "/ca_certificates", "certificates", fault ?? "");
        }
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < content.Endpoints.Length; i++)
        {
            var (name, method, path, seconds) = content.Endpoints[i];
            checks.That(IsName(name), $"/endpoints/{i}/name", "name", "1–63 of a–z, 0–9, _ and -, beginning with a letter.")
                .That(names.Add(name), $"/endpoints/{i}/name", "duplicate", "There is another endpoint of this name.")
                .That(Methods.Contains(method), $"/endpoints/{i}/method", "method", string.Join(", ", Methods) + ".")
                .That(IsPath(path), $"/endpoints/{i}/path", "path", "Begins with /; letters, digits, {parameters}; no dot segments, query or fragment.")
                .That(seconds is >= 1 and <= 300, $"/endpoints/{i}/timeout_seconds", "range", "1–300 seconds.");
        }
        return checks;
    }

    public static Jsonb Stored(BreakerSetting? breaker) => new(breaker is null ? null : JsonSerializer.Serialize(breaker, ConnectionCatalog.StoredJson));

    /// <summary>
    /// The id of the credential that the connector names, after the right to use it, type and host were checked; null for none. The row is
    /// locked for sharing, so that it is not deleted or narrowed before the connector is there.
    /// </summary>
    public static async Task<Result<Guid?>> Credential(Transaction transaction, OrganizationCaller caller, ConnectorContent content, CancellationToken cancel)
    {
        if (content.Authentication.Credential is not { } name)
            return (Guid?)null;
        var row = await transaction.QueryOptional<CredentialRow>($"""
            select k.id, k.type, k.allowed_hosts from credentials k
            where k.organization_id = {caller.Organization} and k.name = {name} and {Reach.Credentials(caller, Right.Use)} for share
            """, cancel);
        if (row is null)
            return ConnectorErrors.CredentialUnknown(name);
        if (!ConnectionCatalog.Takes(content.Authentication.Type, row.Type))
            return ConnectorErrors.CredentialType(content.Authentication.Type, row.Type);
        var url = new Uri(content.BaseUrl);
        return ConnectionCatalog.Parse(row.AllowedHosts).Any(h => h.Allows(url.Host, url.Port))
            ? row.Id
            : ConnectorErrors.CredentialHost(name, url.Authority);
    }

    private sealed record CredentialRow(Guid Id, CredentialType Type, string[] AllowedHosts);

    private static void BaseUrl(Checks checks, string text, Profile profile)
    {
        var valid = text.Length <= 2000 && Uri.TryCreate(text, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && profile == Profile.Development))
            // The host must be one that an allow-list can name: no escapes, no wide digits, no octal numbers.
            && AllowedHost.TryParse(url.Authority, out var host) && !host.Wildcard && text.Contains(url.Host, StringComparison.OrdinalIgnoreCase);
        checks.That(valid, "/base_url", "url", profile == Profile.Development ? "An absolute http or https URL." : "An absolute https URL.")
            .That(text.IndexOfAny(['?', '#', '@', '\\', '%']) < 0, "/base_url", "url", "No user, query, fragment, backslash or escapes.");
    }

    private static bool IsPath(string path) =>
        path.Length is > 0 and <= 1000 && PathForm().IsMatch(path) && !path.Split('/').Any(s => s is "." or "..");
}
