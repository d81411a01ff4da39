using System.Globalization;
using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Schedules;

/// <summary>
/// A published workflow with a time a day, six hours ago: no other comes while a test runs, and that one is due when the
/// test says so.
/// </summary>
internal sealed record ScheduleScene(TestInstallation Installation, TestMember Owner, string Workflow, DateTimeOffset Time)
{
    public const string Ends = """{ id: a, type: transform, settings: { output: "{{ trigger }}" } }""";
    public const string Waits = "{ id: a, type: delay, settings: { for: 1h } }";

    public static async Task<ScheduleScene> New(string settings = "", string node = Ends, TestMember? owner = null)
    {
        var installation = await Tests.Installation.Get();
        owner ??= await installation.NewOrganization();
        var time = HoursAgo(6);
        return new ScheduleScene(installation, owner, await owner.Publish(Document(time, settings, node)), time);
    }

    /// <summary>The whole minute so many hours ago.</summary>
    public static DateTimeOffset HoursAgo(int hours)
    {
        var now = TimeProvider.System.GetUtcNow().AddHours(-hours);
        return new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, now.Minute, 0, TimeSpan.Zero);
    }

    public static string Document(DateTimeOffset time, string settings = "", string node = Ends) => $$"""
        format: 1
        name: Schedule {{Guid.NewGuid():N}}
        trigger: { type: schedule, settings: { cron: "{{time.Minute}} {{time.Hour}} * * *"{{(settings.Length > 0 ? ", " + settings : "")}} } }
        nodes:
          - {{node}}
        """;

    /// <summary>As if no node had looked since so many days ago, or since <paramref name="time"/>. A pause stays one.</summary>
    public async Task Due(int daysAgo = 0, DateTimeOffset? time = null)
    {
        var changed = await Installation.Change(
            "update schedules set next_at = $2, due_at = case when due_at = 'infinity' then due_at else $2 end where workflow_id = $1", Guid.Parse(Workflow), (time ?? Time).AddDays(-daysAgo));
        Assert.Equal(1, changed);
    }

    /// <summary>Returns when the schedule has seen to what was due.</summary>
    public Task Kept() => Condition.Holds(async () => (await Next())! > TimeProvider.System.GetUtcNow(), "the schedule has moved on");

    public async Task<DateTimeOffset?> Next() =>
        (await Owner.Get($"/workflows/{Workflow}").Success()).GetProperty("next_run_at") is { ValueKind: JsonValueKind.String } next ? next.GetDateTimeOffset() : null;

    /// <summary>The runs, oldest first.</summary>
    public async Task<JsonElement[]> Runs() =>
        [.. (await Owner.Get($"/runs?limit=200&workflow_id={Workflow}").Success()).GetProperty("items").EnumerateArray().Reverse()];

    /// <summary>What the workflow sees as <c>trigger</c>, by its one run.</summary>
    public async Task<JsonElement> Trigger() => (await Owner.FinishedRun(Assert.Single(await Runs()).Text("id"))).Step("a").GetProperty("output");

    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
