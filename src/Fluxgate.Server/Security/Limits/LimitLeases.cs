using System.Collections.Concurrent;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Server.Security.Limits;

/// <summary>The leases that this node holds, one for each subject that was here lately.</summary>
internal sealed class LimitLeases(LimitRows rows, LimitOptions options, TimeProvider clock)
{
    /// <summary>Some 30 MB of them. Whoever comes from more networks than that at once makes PostgreSQL be asked more often, no more.</summary>
    private const int Most = 100_000;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<LimitSubject, LimitLease> leases = new();

    public ValueTask<LimitCharge> Take(LimitSubject subject, OrganizationId? organization, int cost, CancellationToken cancel)
    {
        if (!leases.TryGetValue(subject, out var lease))
        {
            var (quota, window) = Configured(subject.Limit);
            lease = leases.GetOrAdd(subject, new LimitLease(subject, organization, quota, window, rows, clock));
            if (leases.Count > Most)
                leases.Clear();
        }
        return lease.Take(cost, cancel);
    }

    public (long Quota, TimeSpan Window) Configured(LimitName limit) => limit switch
    {
        LimitName.Address => (options.AnonymousAMinute, Minute),
        LimitName.User => (options.UserAMinute, Minute),
        LimitName.Key => (options.KeyAMinute, Minute),
        LimitName.ClientKey => (options.ClientKeyAMinute, Minute),
        LimitName.Organization => (options.OrganizationAMinute, Minute),
        LimitName.Governance => (options.GovernanceAMinute, Minute),
        LimitName.GovernanceHour => (options.GovernanceAnHour, TimeSpan.FromHours(1)),
        _ => throw new ArgumentOutOfRangeException(nameof(limit)),
    };

    public void ForgetIdle()
    {
        foreach (var (subject, lease) in leases)
            if (lease.IsIdle(Minute))
                leases.TryRemove(subject, out _);
    }
}
