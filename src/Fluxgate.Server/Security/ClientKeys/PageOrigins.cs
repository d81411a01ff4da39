using System.Collections.Frozen;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Server.Security.ClientKeys;

/// <summary>
/// The origins of all live client keys. A preflight carries no key, so it is answered for all of them alike; which key is
/// taken from where is decided at the request. Read at most once a second: anybody can send preflights.
/// </summary>
internal sealed class PageOrigins(Database database, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private sealed record Known(long ReadAt, Task<FrozenSet<string>> Origins);

    private readonly Lock turn = new();
    private Known? known;

    public async ValueTask<bool> Contains(string origin, CancellationToken cancel) => (await Current().WaitAsync(cancel)).Contains(origin);

    private Task<FrozenSet<string>> Current()
    {
        lock (turn)
        {
            if (known is null || known.Origins.IsFaulted || clock.GetElapsedTime(known.ReadAt) >= Fresh)
                known = new Known(clock.GetTimestamp(), Read());
            return known.Origins;
        }
    }

    private async Task<FrozenSet<string>> Read() =>
        (await database.Platform.Query<string>($"select distinct o from client_keys, unnest(origins) o where revoked_at is null", CancellationToken.None)).ToFrozenSet(StringComparer.Ordinal);
}
