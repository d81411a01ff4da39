using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Runs;

/// <summary>One event as it came; <paramref name="Id"/> is empty where it had none.</summary>
internal sealed record LiveEvent(string Id, string Name, string Data)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Data);
}

/// <summary>An open stream of a run's events, as a program reads it.</summary>
internal sealed class LiveStream : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpResponseMessage answer;
    private readonly IAsyncEnumerator<LiveEvent> events;
    private string lastId = "";

    private LiveStream(HttpResponseMessage answer, Stream body)
    {
        this.answer = answer;
        events = Read(body).GetAsyncEnumerator();
    }

    public HttpResponseMessage Answer => answer;

    public static Task<LiveStream> Open(TestMember member, string run, string? after = null) => Open(member.Client, $"/v1/orgs/{member.Slug}/runs/{run}/events", after);

    public static async Task<LiveStream> Open(TestClient client, string path, string? after = null)
    {
        var answer = await client.Open(path, after is null ? [] : [("Last-Event-ID", after)]);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return new LiveStream(answer, await answer.Content.ReadAsStreamAsync());
    }

    /// <summary>The next event; null when the server has ended the stream.</summary>
    public async Task<LiveEvent?> Next() => await events.MoveNextAsync().AsTask().WaitAsync(Patience) ? events.Current : null;

    /// <summary>Events up to the first of that name, which is the last of them.</summary>
    public async Task<List<LiveEvent>> Until(string name)
    {
        var read = new List<LiveEvent>();
        while (await Next() is { } next)
        {
            read.Add(next);
            if (next.Name == name)
                return read;
        }
        throw new InvalidOperationException($"The stream ended before {name}: {string.Join(", ", read.Select(e => e.Name))}.");
    }

    /// <summary>All events until the server ends the stream.</summary>
    public async Task<List<LiveEvent>> Rest()
    {
        var read = new List<LiveEvent>();
        while (await Next() is { } next)
            read.Add(next);
        return read;
    }

    private async IAsyncEnumerable<LiveEvent> Read(Stream body)
    {
        var parser = SseParser.Create(body, (_, data) => Encoding.UTF8.GetString(data));
        await foreach (var item in parser.EnumerateAsync())
        {
            // The parser keeps the id for events that have none of their own.
            var id = parser.LastEventId == lastId ? "" : parser.LastEventId;
            lastId = parser.LastEventId;
            yield return new LiveEvent(id, item.EventType, item.Data);
        }
    }

    public ValueTask DisposeAsync()
    {
        // Disposing the answer hangs up, which a read that is still waiting does not survive.
        answer.Dispose();
        return ValueTask.CompletedTask;
    }
}
