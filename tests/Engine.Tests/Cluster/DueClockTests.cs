using System.Collections.Concurrent;
using System.Diagnostics;
using Fluxgate.Core.Kernel;
using Fluxgate.Engine.Cluster;
using Fluxgate.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fluxgate.Engine.Tests.Cluster;

/// <summary>FX15: what is due is seen to, whatever else is slow, and goes to another node when this one stops.</summary>
public sealed class DueClockTests
{
    private sealed record Due(OrganizationId OrganizationId, int Number) : IDue
    {
        public Guid Key { get; } = Guid.NewGuid();

        public DateTimeOffset ClaimedUntil => DateTimeOffset.MaxValue;
    }

    /// <summary>Takes of <paramref name="slow"/> last until the clock stops.</summary>
    private sealed class TestClock(OrganizationId slow) : DueClock<Due>(places: 4, wakeup: null, TimeProvider.System, NullLogger.Instance)
    {
        public ConcurrentQueue<Due> Waiting { get; } = new();

        public ConcurrentBag<Due> Begun { get; } = [];

        public ConcurrentBag<Due> Done { get; } = [];

        public ConcurrentBag<Due> Released { get; } = [];

        protected override Task<IReadOnlyList<Due>> Claim(DateTimeOffset now, int limit, Guid[] full)
        {
            var claimed = new List<Due>();
            for (var looked = Waiting.Count; looked > 0 && claimed.Count < limit && Waiting.TryDequeue(out var due); looked--)
                if (full.Contains(due.OrganizationId.Value) || claimed.Exists(c => c.OrganizationId == due.OrganizationId))
                    Waiting.Enqueue(due);
                else
                    claimed.Add(due);
            return Task.FromResult<IReadOnlyList<Due>>(claimed);
        }

        protected override async Task Take(Due due, CancellationToken cancel)
        {
            Begun.Add(due);
            if (due.OrganizationId == slow)
                await Task.Delay(Timeout.Infinite, cancel);
            Done.Add(due);
        }

        protected override Task Release(Due due)
        {
            Released.Add(due);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task FX15_The_slow_ones_of_one_organization_make_nobody_wait_and_are_given_back_at_the_stop()
    {
        var (slow, other) = (new OrganizationId(Guid.NewGuid()), new OrganizationId(Guid.NewGuid()));
        using var clock = new TestClock(slow);
        for (var n = 0; n < 6; n++)
            clock.Waiting.Enqueue(new Due(slow, n));
        await clock.StartAsync(CancellationToken.None);
        await Condition.Holds(() => Task.FromResult(clock.Begun.Count == 2), "the slow ones have half of the places");
        for (var n = 0; n < 10; n++)
            clock.Waiting.Enqueue(new Due(other, n));
        await Condition.Holds(() => Task.FromResult(clock.Done.Count == 10), "the others are seen to", seconds: 15);
        Assert.Equal(2, clock.Begun.Count(d => d.OrganizationId == slow));

        await clock.StopAsync(CancellationToken.None);
        Assert.Equal([0, 1], clock.Released.Select(d => d.Number).Order());
        Assert.Equal(4, clock.Waiting.Count);
    }

    [Fact]
    public async Task FX15_Many_that_are_due_at_once_wait_for_no_look()
    {
        var organization = new OrganizationId(Guid.NewGuid());
        using var clock = new TestClock(new OrganizationId(Guid.NewGuid()));
        for (var n = 0; n < 100; n++)
            clock.Waiting.Enqueue(new Due(organization, n));
        var watch = Stopwatch.StartNew();
        await clock.StartAsync(CancellationToken.None);
        await Condition.Holds(() => Task.FromResult(clock.Done.Count == 100), "all are seen to", seconds: 60);
        // A claim gives one of an organization here: with a look every half second this would take 50 s.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        await clock.StopAsync(CancellationToken.None);
    }
}
