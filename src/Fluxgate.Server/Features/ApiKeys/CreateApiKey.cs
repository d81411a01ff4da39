using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Quotas;
using Fluxgate.Server.Hosting;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.ApiKeys;

/// <summary>
/// A new key. <paramref name="Scopes"/> are permission names, none beyond the creator's own. <paramref name="Networks"/>: up
/// to 50 ranges (CIDR) or addresses that it is taken from. <paramref name="Owner"/>: the member who answers for it, by
/// default who makes it. A key of a service account may at most what that account's roles allow.
/// <paramref name="ForTests"/>: a key that production refuses.
/// </summary>
public sealed record CreateApiKeyRequest(
    string Name, string[] Scopes, DateTimeOffset? ExpiresAt = null, string[]? Networks = null, UserId? Owner = null, Guid? ServiceAccountId = null, bool ForTests = false);

/// <summary>The new key. <paramref name="Key"/> is shown here and never again.</summary>
public sealed record CreatedApiKey(Guid Id, string Name, string Prefix, string Key, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    internal static CreatedApiKey Of(NewApiKey row, string key) => new(row.Id, row.Content.Name, row.Prefix, key, row.Scopes, row.CreatedAt, row.Content.ExpiresAt);
}

internal static class CreateApiKey
{
    private static readonly Error NoOwner = Error.Refused("key.no_member", "The owner of a key is a member.", [new FieldError("/owner", "no_member", "There is no such member.")]);
    private static readonly Error NotInProduction = Error.Refused("key.for_tests", "This installation runs in production, which refuses keys for tests.");

    public static async Task<Created<CreatedApiKey>> Handle(
        CreateApiKeyRequest request, OrganizationCaller caller, Database database, ApiKeyIssuer issuer, ApiKeyOptions options, InstallationOptions installation, QuotaRoom quotas,
        TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var expires = request.ExpiresAt ?? now.AddDays(options.DefaultDays);
        var (networks, invalid) = Faults(request, expires, now, options);
        if (invalid is not null)
            return invalid;
        if (request.ForTests && installation.Profile == Profile.Production)
            return NotInProduction;
        var content = new KeyContent(request.Name, request.Scopes, caller.User, expires) { Networks = networks, Owner = request.Owner ?? caller.User, ServiceAccount = request.ServiceAccountId };

        var key = ApiKeyText.New(request.ForTests);
        var row = await issuer.Prepare(key, content, cancel);
        var created = await database.As(caller).Attempt<Done>(async transaction =>
        {
            if (await KeyRights.Refusal(transaction, caller, request.Scopes, request.ServiceAccountId, null, cancel) is { } beyond)
                return beyond;
            if (content.Owner is { } owner && await transaction.QueryOptional<UserId?>($"select user_id from members where organization_id = {caller.Organization} and user_id = {owner} for key share", cancel) is null)
                return NoOwner;
            await issuer.Insert(transaction, caller.Organization, row, "api_key.created", caller.Actor, cancel);
            return await quotas.Check(transaction, caller.Organization, Quota.ApiKeys, () => KeyCount.Live(transaction, caller, now, cancel), cancel) is { } full ? full : default(Done);
        }, cancel);
        return created.Error is { } refused ? refused : Created<CreatedApiKey>.At(row.Id, CreatedApiKey.Of(row, key));
    }

    private static (string[] Networks, Error? Error) Faults(CreateApiKeyRequest request, DateTimeOffset expires, DateTimeOffset now, ApiKeyOptions options)
    {
        var checks = new Checks()
            .Text(request.Name, "/name", 1, 100)
            .That(request.Scopes.Length is > 0 and <= 100, "/scopes", "length", "Between 1 and 100 scopes.")
            .That(expires > now && expires <= now.AddDays(options.MaxDays), "/expires_at", "range", $"In the future, and at most {options.MaxDays} days from now.")
            .Known(request.Scopes, Permissions.Names, "/scopes", "There is no such permission.");
        var networks = request.Networks ?? [];
        checks.That(networks.Length <= NetworkList.Most, "/networks", "length", $"At most {NetworkList.Most} ranges.");
        var normalised = new List<string>();
        for (var i = 0; i < networks.Length && i < NetworkList.Most; i++)
        {
            var parsed = NetworkList.TryParse(networks[i], out var network);
            checks.That(parsed, $"/networks/{i}", "network", "An address, or a range such as 203.0.113.0/24 or 2001:db8::/32; not every address at once.");
            if (parsed)
                normalised.Add(network!);
        }
        return ([.. normalised.Distinct(StringComparer.Ordinal)], checks.Error());
    }
}
