using System.Net;
using System.Net.Sockets;

namespace Fluxgate.Egress;

/// <summary>
/// Pools of open connections. A pooled connection skips the guard, so a pool is of one policy and one client certificate:
/// nobody's calls ride on what another's policy let through or another's certificate opened. Pools that nobody used for a while are closed.
/// </summary>
internal sealed class ConnectionPools(EgressOptions options, GuardedDialer dialer, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(5);

    private readonly Lock turn = new();
    private readonly Dictionary<(EgressPolicy Policy, string Tls), Pool> pools = [];
    private long swept = clock.GetTimestamp();

    /// <summary>The pool for both, which stays open until the loan is returned.</summary>
    public Loan Borrow(EgressPolicy policy, EgressTls tls)
    {
        lock (turn)
        {
            Sweep();
            if (!pools.TryGetValue((policy, tls.Fingerprint), out var pool))
                pools[(policy, tls.Fingerprint)] = pool = new Pool(new HttpMessageInvoker(Handler(policy, tls)));
            pool.Borrowers++;
            return new Loan(this, pool);
        }
    }

    private void Return(Pool pool)
    {
        lock (turn)
        {
            pool.Borrowers--;
            pool.LastUse = clock.GetTimestamp();
        }
    }

    private void Sweep()
    {
        if (clock.GetElapsedTime(swept) < Idle)
            return;
        swept = clock.GetTimestamp();
        foreach (var (key, pool) in pools.Where(p => p.Value.Borrowers == 0 && clock.GetElapsedTime(p.Value.LastUse) >= Idle).ToList())
        {
            pools.Remove(key);
            pool.Http.Dispose();
        }
    }

    private SocketsHttpHandler Handler(EgressPolicy policy, EgressTls tls) => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        ActivityHeadersPropagator = null, // our trace ids are nobody else's business
        PreAuthenticate = false,
        Credentials = null,
        SslOptions = tls.Options(),
        ConnectTimeout = options.ConnectTimeout,
        // A pooled connection skips the check, so it does not outlive a change of DNS by much.
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        MaxConnectionsPerServer = 64,
        MaxResponseHeadersLength = 64,
        ConnectCallback = async (context, cancel) =>
            new NetworkStream(await dialer.Dial(context.DnsEndPoint.Host, context.DnsEndPoint.Port, policy, cancel), ownsSocket: true),
    };

    public void Dispose()
    {
        foreach (var pool in pools.Values)
            pool.Http.Dispose();
    }

    internal sealed class Pool(HttpMessageInvoker http)
    {
        public HttpMessageInvoker Http => http;

        public int Borrowers { get; set; }

        public long LastUse { get; set; }
    }

    internal readonly struct Loan(ConnectionPools pools, Pool pool) : IDisposable
    {
        public HttpMessageInvoker Http => pool.Http;

        public void Dispose() => pools.Return(pool);
    }
}
