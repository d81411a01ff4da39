using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;

namespace Fluxgate.Guards.Tests;

public sealed class ConsoleEventsTests
{
    /// <summary>A browser's stream gives only what is listened for by name: a kind that the console forgets would be missing without a word.</summary>
    [Fact]
    public void The_console_listens_for_every_kind_of_event_of_a_run()
    {
        var source = File.ReadAllText(Path.Combine(Repository.Root, "console/src/features/runs/runEvents.ts"));
        var kinds = typeof(RunEvent).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(RunEvent))).Select(t => SnakeCase.From(t.Name)).ToList();
        Assert.NotEmpty(kinds);
        Assert.All(kinds, kind => Assert.Contains($"\n  {kind}: ", source, StringComparison.Ordinal));
    }
}
