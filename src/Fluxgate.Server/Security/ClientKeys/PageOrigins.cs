using System.Collections.Frozen;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Server.Security.ClientKeys;

/// <summary>
/// The origins of all live client keys. A preflight carries no key, so it is answered for all of them alike; which key is
/// taken from where is decided at the request.
/// </summary>
internal sealed class PageOrigins(Database database, TimeProvider clock)
{
    private readonly BriefMemory<Everybody, FrozenSet<string>> known = new(clock);

    private readonly record struct Everybody;

    public async ValueTask<bool> Contains(string origin, CancellationToken cancel) => (await known.Get(default, Read).AsTask().WaitAsync(cancel))!.Contains(origin);

    private async Task<FrozenSet<string>?> Read(Everybody everybody) =>
        (await database.Platform.Query<string>($"select distinct o from client_keys, unnest(origins) o where revoked_at is null", CancellationToken.None)).ToFrozenSet(StringComparer.Ordinal);
}
