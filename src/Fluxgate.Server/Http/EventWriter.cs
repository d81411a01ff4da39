using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Fluxgate.Server.Http;

/// <summary>Writes server-sent events; what was written is on its way when the call returns.</summary>
internal sealed class EventWriter(HttpResponse response)
{
    public const string ContentType = "text/event-stream";

    /// <summary>One event as bytes. The data is JSON as everywhere in the API, which has no line breaks; <paramref name="id"/> is what a reader comes back with.</summary>
    public static byte[] Frame<T>(string name, T data, long? id = null)
    {
        var identified = id is { } number ? $"id: {number.ToString(CultureInfo.InvariantCulture)}\n" : "";
        return Encoding.UTF8.GetBytes($"{identified}event: {name}\ndata: {JsonSerializer.Serialize(data, JsonConventions.Options)}\n\n");
    }

    /// <summary>A line that readers skip: it keeps proxies from taking the connection for dead.</summary>
    public Task Comment(CancellationToken cancel) => Write([":\n\n"u8.ToArray()], cancel);

    /// <summary>How long a browser waits before it comes back by itself.</summary>
    public Task Retry(TimeSpan after, CancellationToken cancel) =>
        Write([Encoding.ASCII.GetBytes($"retry: {((long)after.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)}\n\n")], cancel);

    public async Task Write(IReadOnlyList<byte[]> frames, CancellationToken cancel)
    {
        foreach (var frame in frames)
            await response.Body.WriteAsync(frame, cancel);
        await response.Body.FlushAsync(cancel);
    }
}
