using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace Fluxgate.Testing;

/// <summary>Where an append to the journal is, seen between a node and PostgreSQL.</summary>
public enum AppendMoment
{
    /// <summary>The node has sent it and PostgreSQL has not got it.</summary>
    Sent,

    /// <summary>PostgreSQL has committed it and the node does not know.</summary>
    Committed,
}

/// <summary>
/// Stands between a node and PostgreSQL, passes everything on, and can strike at any append to the journal of a run: it
/// reads as much of the protocol as tells an append from the rest and its commit from other answers.
/// </summary>
public sealed class JournalTap : IAsyncDisposable
{
    private const string Append = "insert into run_journal";

    private readonly string database;
    private readonly Socket listener;
    private readonly Func<int, AppendMoment, Task<bool>> strike;
    private readonly ConcurrentBag<Task> connections = [];
    private readonly CancellationTokenSource stop = new();
    private int appends;

    private JournalTap(string folder, string database, Func<int, AppendMoment, Task<bool>> strike)
    {
        (this.database, this.strike, Folder) = (Path.Combine(database, SocketName), strike, folder);
        listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder, SocketName)));
        listener.Listen(100);
        connections.Add(Task.Run(Accept));
    }

    /// <summary>What a node takes for PostgreSQL's folder.</summary>
    public string Folder { get; }

    private static string SocketName => ".s.PGSQL.5432";

    /// <summary>
    /// A tap of its own folder before the PostgreSQL whose socket is in <paramref name="database"/>. At each append, counted
    /// from 1, and each of its moments it asks <paramref name="strike"/> whether the connection is to end there.
    /// </summary>
    public static JournalTap Open(string database, Func<int, AppendMoment, Task<bool>> strike) =>
        new(Directory.CreateTempSubdirectory("tap").FullName, database, strike);

    private async Task Accept()
    {
        while (true)
        {
            Socket node;
            try
            {
                node = await listener.AcceptAsync(stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            connections.Add(Task.Run(() => Serve(node)));
        }
    }

    private async Task Serve(Socket node)
    {
        using var nodeSide = new NetworkStream(node, ownsSocket: true);
        using var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await server.ConnectAsync(new UnixDomainSocketEndPoint(database));
        using var serverSide = new NetworkStream(server);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        var connection = new Tapped();
        try
        {
            await Begin(nodeSide, serverSide, ended.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return; // Killed while it connected.
        }
        var ways = new[] { Questions(nodeSide, serverSide, connection, ended.Token), Answers(serverSide, nodeSide, connection, ended.Token) };
        await Task.WhenAny(ways);
        await ended.CancelAsync();
        foreach (var way in ways)
        {
            try
            {
                await way;
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or EndOfStreamException)
            {
                // One of the two has gone.
            }
        }
    }

    /// <summary>Passes on the start message, which has the protocol's version 3, and before it asks for encryption, each answered by one byte.</summary>
    private static async Task Begin(Stream node, Stream server, CancellationToken cancel)
    {
        while (true)
        {
            var start = await Message(node, typed: false, cancel);
            await server.WriteAsync(start, cancel);
            if (BinaryPrimitives.ReadInt32BigEndian(start.AsSpan(4)) >> 16 == 3)
                return;
            var answer = new byte[1];
            await server.ReadExactlyAsync(answer, cancel);
            await node.WriteAsync(answer, cancel);
        }
    }

    private async Task Questions(Stream node, Stream server, Tapped connection, CancellationToken cancel)
    {
        var appending = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var message = await Message(node, typed: true, cancel);
            if (message[0] == 'P')
            {
                var (name, text) = (Text(message, 5), Text(message, 5 + Text(message, 5).Length + 1));
                if (text.Contains(Append, StringComparison.Ordinal))
                    appending.Add(name);
                else
                    appending.Remove(name);
            }
            else if (message[0] == 'B' && appending.Contains(Text(message, 5 + Text(message, 5).Length + 1)))
            {
                connection.Append = Interlocked.Increment(ref appends);
                if (await strike(connection.Append, AppendMoment.Sent))
                    return;
            }
            await server.WriteAsync(message, cancel);
        }
    }

    private async Task Answers(Stream server, Stream node, Tapped connection, CancellationToken cancel)
    {
        while (true)
        {
            var message = await Message(server, typed: true, cancel);
            // Ready for what comes next, outside of a transaction: what was asked is committed.
            if (message[0] == 'Z' && message[5] == 'I' && connection.Append > 0)
            {
                var append = connection.Append;
                connection.Append = 0;
                if (await strike(append, AppendMoment.Committed))
                    return;
            }
            await node.WriteAsync(message, cancel);
        }
    }

    private static string Text(byte[] message, int start) => Encoding.UTF8.GetString(message, start, Array.IndexOf(message, (byte)0, start) - start);

    private static async Task<byte[]> Message(Stream stream, bool typed, CancellationToken cancel)
    {
        var head = new byte[typed ? 5 : 4];
        await stream.ReadExactlyAsync(head, cancel);
        var length = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(head.Length - 4)) - 4;
        var message = new byte[head.Length + length];
        head.CopyTo(message, 0);
        await stream.ReadExactlyAsync(message.AsMemory(head.Length), cancel);
        return message;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(connections);
        listener.Dispose();
        stop.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private sealed class Tapped
    {
        /// <summary>The number of the append that is under way on this connection, or 0.</summary>
        public volatile int Append;
    }
}
