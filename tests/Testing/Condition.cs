namespace Fluxgate.Testing;

/// <summary>Waits for what must come true, not for time to pass.</summary>
public static class Condition
{
    public static async Task Holds(Func<Task<bool>> condition, string what, int seconds = 30)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        while (!await condition())
        {
            if (deadline.IsCancellationRequested)
                throw new TimeoutException($"Not so after {seconds} s: {what}.");
            await Task.Delay(15);
        }
    }
}
