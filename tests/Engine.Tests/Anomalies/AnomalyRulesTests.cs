using Fluxgate.Engine.Anomalies;

namespace Fluxgate.Engine.Tests.Anomalies;

/// <summary>FN11: what of the measured is unusual.</summary>
public sealed class AnomalyRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 10, 0, 0, TimeSpan.Zero);
    private static readonly AnomalySettings Usual = AnomalySettings.Default;

    private static HourMeasured Hour(long calls = 1, long usualCalls = 1, long bytes = 0, long usualBytes = 0, int days = 0, bool sameHour = true) =>
        new(Now, calls, usualCalls, bytes, usualBytes, days, sameHour);

    private static Measures Key(HourMeasured? hour = null, string? place = null, int calls = 0, int errors = 0, double knownHours = 500) => new(
        ActivitySubject.ApiKey, Now.AddHours(-knownHours), hour is null ? [] : [hour], place is null ? [] : [new PlaceMeasured(place, Now)], calls, errors);

    private static Measures Connector(HourMeasured? hour = null, string? place = null, double knownHours = 500) => Key(hour, place, knownHours: knownHours) with { Kind = ActivitySubject.Connector };

    private static AnomalyKind[] Kinds(Measures measures, AnomalySettings? settings = null) => [.. AnomalyRules.Facts(measures, settings ?? Usual).Select(f => f.Kind)];

    [Theory]
    [InlineData(40, 200, false)]
    [InlineData(40, 201, true)]
    [InlineData(3, 100, false)]
    [InlineData(3, 101, true)]
    [InlineData(0, 101, true)]
    public void FN11_Requests_are_too_many_above_both_thresholds_and_not_at_one(long usual, long calls, bool unusual) =>
        Assert.Equal(unusual ? [AnomalyKind.Volume] : [], Kinds(Key(Hour(calls, usual))));

    [Theory]
    [InlineData(50, 10, false)]
    [InlineData(50, 11, true)]
    [InlineData(49, 49, false)]
    public void FN11_Errors_are_too_many_above_a_fifth_of_fifty_requests(int calls, int errors, bool unusual) =>
        Assert.Equal(unusual ? [AnomalyKind.ErrorRate] : [], Kinds(Key(calls: calls, errors: errors)));

    [Theory]
    [InlineData(4, false, true)]
    [InlineData(3, false, false)]
    [InlineData(7, true, false)]
    public void FN11_An_hour_is_unusual_if_the_key_was_used_on_most_days_and_never_at_that_hour(int days, bool sameHour, bool unusual) =>
        Assert.Equal(unusual ? [AnomalyKind.UnusualHours] : [], Kinds(Key(Hour(days: days, sameHour: sameHour))));

    [Theory]
    [InlineData(1_000_000, 10_000_000, false)]
    [InlineData(1_000_000, 10_000_001, true)]
    [InlineData(3_000_000, 15_000_000, false)]
    [InlineData(3_000_000, 15_000_001, true)]
    public void FN11_A_connector_sends_too_much_above_both_thresholds_and_not_at_one(long usual, long bytes, bool unusual) =>
        Assert.Equal(unusual ? [AnomalyKind.OutboundBytes] : [], Kinds(Connector(Hour(bytes: bytes, usualBytes: usual))));

    [Fact]
    public void FN11_What_is_not_known_for_a_day_has_nothing_new_and_nothing_much()
    {
        foreach (var (young, old) in (Func<double, Measures>[])[h => Key(Hour(5000), knownHours: h), h => Key(place: "203.0.113.0/24", knownHours: h), h => Connector(Hour(bytes: 99_000_000), knownHours: h), h => Connector(place: "x.test", knownHours: h)]
            is var measures ? measures.Select(m => (m(23.9), m(24))) : [])
        {
            Assert.Empty(Kinds(young));
            Assert.Single(Kinds(old));
        }
        Assert.Empty(Kinds(Key(Hour(5000), "203.0.113.0/24") with { KnownSince = null }));
    }

    [Fact]
    public void FN11_Keys_have_no_hosts_and_connectors_no_requests()
    {
        Assert.Equal([AnomalyKind.NewNetwork], Kinds(Key(Hour(bytes: 99_000_000), "203.0.113.0/24")));
        Assert.Equal([AnomalyKind.NewHost], Kinds(Connector(Hour(5000, days: 7, sameHour: false), "x.test") with { LastCalls = 50, LastErrors = 50 }));
    }

    /// <summary>A setting that changes nothing would be a lie.</summary>
    [Fact]
    public void FN11_Every_setting_changes_what_is_unusual_or_what_it_does()
    {
        var changes = new Dictionary<string, (AnomalySettings Changed, Measures Measures)>
        {
            [nameof(Usual.Volume)] = (Usual with { Volume = false }, Key(Hour(101))),
            [nameof(Usual.VolumeFactor)] = (Usual with { VolumeFactor = 6 }, Key(Hour(201, 40))),
            [nameof(Usual.VolumeOver)] = (Usual with { VolumeOver = 101 }, Key(Hour(101))),
            [nameof(Usual.NewNetwork)] = (Usual with { NewNetwork = false }, Key(place: "203.0.113.0/24")),
            [nameof(Usual.ErrorRate)] = (Usual with { ErrorRate = false }, Key(calls: 50, errors: 50)),
            [nameof(Usual.ErrorPercent)] = (Usual with { ErrorPercent = 22 }, Key(calls: 50, errors: 11)),
            [nameof(Usual.ErrorCalls)] = (Usual with { ErrorCalls = 51 }, Key(calls: 50, errors: 11)),
            [nameof(Usual.UnusualHours)] = (Usual with { UnusualHours = false }, Key(Hour(days: 4, sameHour: false))),
            [nameof(Usual.UsualDays)] = (Usual with { UsualDays = 5 }, Key(Hour(days: 4, sameHour: false))),
            [nameof(Usual.OutboundBytes)] = (Usual with { OutboundBytes = false }, Connector(Hour(bytes: 10_000_001))),
            [nameof(Usual.OutboundFactor)] = (Usual with { OutboundFactor = 6 }, Connector(Hour(bytes: 15_000_001, usualBytes: 3_000_000))),
            [nameof(Usual.OutboundOver)] = (Usual with { OutboundOver = 10_000_001 }, Connector(Hour(bytes: 10_000_001))),
            [nameof(Usual.NewHost)] = (Usual with { NewHost = false }, Connector(place: "x.test")),
            [nameof(Usual.HistoryHours)] = (Usual with { HistoryHours = 25 }, Key(Hour(101), knownHours: 24)),
        };
        foreach (var (setting, (changed, measures)) in changes)
        {
            Assert.True(Kinds(measures).Length == 1, setting);
            Assert.True(Kinds(measures, changed).Length == 0, setting);
        }
        var suspensions = new Dictionary<string, (AnomalySettings Changed, AnomalyKind Kind)>
        {
            [nameof(Usual.VolumeSuspends)] = (Usual with { VolumeSuspends = true }, AnomalyKind.Volume),
            [nameof(Usual.NewNetworkSuspends)] = (Usual with { NewNetworkSuspends = true }, AnomalyKind.NewNetwork),
            [nameof(Usual.ErrorRateSuspends)] = (Usual with { ErrorRateSuspends = true }, AnomalyKind.ErrorRate),
            [nameof(Usual.UnusualHoursSuspends)] = (Usual with { UnusualHoursSuspends = true }, AnomalyKind.UnusualHours),
        };
        foreach (var (changed, kind) in suspensions.Values)
            Assert.Equal([kind], Enum.GetValues<AnomalyKind>().Where(changed.Suspends));
        Assert.DoesNotContain(Enum.GetValues<AnomalyKind>(), Usual.Suspends);
        Assert.Equal(typeof(AnomalySettings).GetProperties().Where(p => p.CanWrite).Select(p => p.Name).Order(), changes.Keys.Concat(suspensions.Keys).Order());
    }
}
