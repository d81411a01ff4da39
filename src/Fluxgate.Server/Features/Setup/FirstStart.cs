using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Features.ApiKeys;
using Fluxgate.Server.Features.SignIn;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Setup;

/// <summary>Decides at start whether the installation has its first owner, and makes it from the bootstrap section if that says so.</summary>
internal sealed class FirstStart(Database database, Accounts accounts, ApiKeyIssuer keys, ApiKeyOptions keyOptions, BootstrapOptions bootstrap, TimeProvider clock)
{
    private static readonly Error Refused = new("setup.refused", ErrorKind.Forbidden, "The set-up token is wrong, or the installation is set up already.");

    /// <summary>
    /// The one-time set-up token, to be printed on the operator's terminal; null if the installation is set up. Only its
    /// hash is kept, so each start without an owner makes a new one.
    /// </summary>
    public async Task<string?> Prepare(CancellationToken cancel)
    {
        await database.Platform.Execute($"insert into installation (id) values (true) on conflict do nothing", cancel);
        if (await database.Platform.QueryOne<bool>($"select set_up_at is not null from installation", cancel))
            return null;
        if (bootstrap.OwnerEmail is { } email)
        {
            await Bootstrap(email, cancel);
            return null;
        }
        var token = SecretToken.New();
        await database.Platform.Execute($"update installation set setup_token_hash = {SecretToken.Hash(token)} where set_up_at is null", cancel);
        return token;
    }

    /// <summary>Makes the first owner for whoever holds the token; the token is spent by it, however many hold it.</summary>
    public async Task<Result<CreatedOwner>> SetUp(string token, NewOwner owner, string? network, CancellationToken cancel)
    {
        var hash = SecretToken.Hash(token);
        // Before the password is hashed: a stranger without the token must not cost us that.
        if (!await database.Platform.QueryOne<bool>($"select exists (select from installation where set_up_at is null and setup_token_hash = {hash})", cancel))
            return Refused;
        var occasion = new OwnerOccasion("set_up", async transaction => await transaction.Execute($"""
            update installation set set_up_at = {clock.GetUtcNow()}, setup_token_hash = null where set_up_at is null and setup_token_hash = {hash}
            """, cancel) == 0 ? Refused : null);
        return await accounts.CreateOwner(owner, occasion, network, cancel);
    }

    private async Task Bootstrap(string email, CancellationToken cancel)
    {
        RefuseFaults();
        var key = bootstrap.ApiKey is { } text
            ? await keys.Prepare(text, new KeyContent("bootstrap", bootstrap.ApiKeyScopes, null, clock.GetUtcNow().AddDays(keyOptions.DefaultDays)), cancel)
            : null;
        // The claim is the first statement: of two nodes that start together the second waits for the first and then finds nothing to claim.
        var occasion = new OwnerOccasion(
            "bootstrap",
            async transaction => await transaction.Execute($"""
                update installation set set_up_at = {clock.GetUtcNow()}, bootstrapped_at = {clock.GetUtcNow()} where set_up_at is null
                """, cancel) == 0 ? Refused : null,
            async (transaction, created, _) =>
            {
                if (key is not null)
                    await keys.Insert(transaction, created.Organization, key, "api_key.created", Actor.System("bootstrap"), cancel);
            });
        var owner = new NewOwner(email, bootstrap.OwnerPassword ?? "", bootstrap.OwnerName, bootstrap.OrganizationName, bootstrap.OrganizationSlug);
        var created = await accounts.CreateOwner(owner, occasion, network: null, cancel);
        if (created.Error is { } error && error != Refused)
            throw Inapplicable(error.Fields.Select(f => $"{f.Pointer}: {f.Message}").DefaultIfEmpty(error.Message));
    }

    private void RefuseFaults()
    {
        if (bootstrap.ApiKey is not { } key)
            return;
        var faults = bootstrap.ApiKeyScopes.Where(s => !Permissions.Names.Contains(s)).Select(s => $"api_key_scopes: there is no permission '{s}'.").ToList();
        if (bootstrap.ApiKeyScopes.Length == 0)
            faults.Add("api_key_scopes: name at least one permission.");
        if (!ApiKeyText.IsWellFormed(key))
            faults.Add("api_key: not a key; make one with `fluxgate new-api-key`.");
        if (faults.Count > 0)
            throw Inapplicable(faults);
    }

    private static InvalidOperationException Inapplicable(IEnumerable<string> faults) => new($"The bootstrap section cannot be applied: {string.Join(" ", faults)}");
}
