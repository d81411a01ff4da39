using System.Globalization;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Core.Tests.Kernel;

public sealed class UuidTests
{
    [Fact]
    public void Ids_of_one_millisecond_sort_by_the_time_within_it()
    {
        var start = DateTimeOffset.Parse("2026-03-01T12:00:00.123Z", CultureInfo.InvariantCulture);
        var ids = Enumerable.Range(0, 1000).Select(i => Uuid.New(new StoppedClock(start.AddMicroseconds(i)))).ToArray();
        Assert.Equal(ids.Order(), ids);
        Assert.All(ids, id => Assert.Equal("019ca945-0a7b-7", id.ToString()[..15]));
    }

    [Fact]
    public void Ids_of_one_moment_differ() => Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => Uuid.New(new StoppedClock(DateTimeOffset.UnixEpoch))).Distinct().Count());

    [Fact]
    public void An_id_keeps_the_version_and_the_variant_of_the_standard()
    {
        var id = Uuid.New(TimeProvider.System);
        Assert.Equal(7, id.Version);
        Assert.InRange(id.Variant, 8, 11);
    }

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
