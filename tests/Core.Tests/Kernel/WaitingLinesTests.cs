using Fluxgate.Core.Kernel;

namespace Fluxgate.Core.Tests.Kernel;

public sealed class WaitingLinesTests
{
    private readonly WaitingLines lines = new();

    [Fact]
    public async Task One_at_a_time_has_the_turn_of_a_name_and_those_of_other_names_do_not_wait()
    {
        var (inside, most, total) = (0, 0, 0);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(async _ =>
        {
            using var turn = await lines.Enter("a", CancellationToken.None);
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await Task.Yield();
            total++;
            Interlocked.Decrement(ref inside);
        }));
        Assert.Equal((1, 200), (most, total));

        using var a = await lines.Enter("a", CancellationToken.None);
        Assert.True(lines.Enter("b", CancellationToken.None).IsCompletedSuccessfully);
        Assert.False(lines.Enter("a", CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task Who_gives_up_waiting_leaves_the_line_to_the_others()
    {
        var first = await lines.Enter("a", CancellationToken.None);
        using var impatient = new CancellationTokenSource();
        var givenUp = lines.Enter("a", impatient.Token);
        var patient = lines.Enter("a", CancellationToken.None);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);
        Assert.False(patient.IsCompleted);
        first.Dispose();
        first.Dispose();
        using (await patient)
            Assert.False(lines.Enter("a", CancellationToken.None).IsCompleted);
    }
}
