using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.ApiKeys;

/// <summary>A new key. <paramref name="Scopes"/> are permission names, none beyond the creator's own.</summary>
public sealed record CreateApiKeyRequest(string Name, string[] Scopes, DateTimeOffset? ExpiresAt = null);

/// <summary>The new key. <paramref name="Key"/> is shown here and never again.</summary>
public sealed record CreatedApiKey(Guid Id, string Name, string Prefix, string Key, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

internal static class CreateApiKey
{
    public static async Task<Created<CreatedApiKey>> Handle(
        CreateApiKeyRequest request, OrganizationCaller caller, Database database, ApiKeyIssuer issuer, ApiKeyOptions options, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var expires = request.ExpiresAt ?? now.AddDays(options.DefaultDays);
        if (Faults(request, expires, now, options) is { } invalid)
            return invalid;
        if (request.Scopes.Except(caller.Permissions.Select(p => p.Name)).FirstOrDefault() is { } beyond)
            return new Error("key.scope_beyond_own", ErrorKind.Forbidden, $"Nobody gives a key what they lack themselves: {beyond}.");

        var key = ApiKeyText.New();
        var row = await issuer.Prepare(key, request.Name, request.Scopes, caller.User, expires, cancel);
        await database.As(caller).Transact(transaction => issuer.Insert(transaction, caller.Organization, row, caller.Actor, cancel), cancel);
        return Created<CreatedApiKey>.At(row.Id, new CreatedApiKey(row.Id, row.Name, row.Prefix, key, row.Scopes, row.CreatedAt, row.ExpiresAt));
    }

    private static Error? Faults(CreateApiKeyRequest request, DateTimeOffset expires, DateTimeOffset now, ApiKeyOptions options)
    {
        var known = Permissions.All.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        var checks = new Checks()
            .Text(request.Name, "/name", 1, 100)
            .That(request.Scopes.Length is > 0 and <= 100, "/scopes", "length", "Between 1 and 100 scopes.")
            .That(expires > now && expires <= now.AddDays(options.MaxDays), "/expires_at", "range", $"In the future, and at most {options.MaxDays} days from now.");
        for (var i = 0; i < request.Scopes.Length; i++)
            checks.That(known.Contains(request.Scopes[i]), $"/scopes/{i}", "unknown", "There is no such permission.");
        return checks.Error();
    }
}
