using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Abuse;

/// <summary>An outside service, on 127.0.0.2, that answers what it likes.</summary>
public sealed class HostileServiceTests
{
    private const string Token = "tok/en+with=signs-0123456789";

    /// <summary>Answers every connection with what <paramref name="answer"/> makes of the request's head, and closes.</summary>
    private sealed class Service : IAsyncDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Parse("127.0.0.2"), 0);
        private readonly CancellationTokenSource stop = new();
        private readonly Task serving;

        public Service(Func<string, byte[]> answer)
        {
            listener.Start();
            serving = Serve(answer);
        }

        public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

        private async Task Serve(Func<string, byte[]> answer)
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    using var client = await listener.AcceptTcpClientAsync(stop.Token);
                    var buffer = new byte[64 * 1024];
                    var length = 0;
                    while (!Encoding.ASCII.GetString(buffer, 0, length).Contains("\r\n\r\n", StringComparison.Ordinal))
                    {
                        var read = await client.GetStream().ReadAsync(buffer.AsMemory(length), stop.Token);
                        if (read == 0)
                            break;
                        length += read;
                    }
                    await client.GetStream().WriteAsync(answer(Encoding.ASCII.GetString(buffer, 0, length)), stop.Token);
                }
                catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
                {
                    // the caller went away, as some answers make it do
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            listener.Dispose();
            await serving;
            stop.Dispose();
        }
    }

    private static byte[] Answer(string status, string type, byte[] body) =>
        [.. Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\ncontent-type: {type}\r\ncontent-length: {body.Length}\r\nconnection: close\r\n\r\n"), .. body];

    private static async Task<(JsonElement Run, string Text)> Call(Service service, string authentication, object? secret, string extra = "")
    {
        await using var installation = await TestInstallation.Start(("egress:allow:0", $"127.0.0.2/32:{service.Port}"));
        var owner = await installation.NewOrganization();
        if (secret is not null)
            await owner.Post("/credentials", new { name = "key", type = authentication, allowed_hosts = new[] { $"127.0.0.2:{service.Port}" }, secret }).Success();
        await owner.Post("/connectors", new
        {
            name = "outside",
            base_url = $"http://127.0.0.2:{service.Port}",
            authentication = new { type = authentication, credential = secret is null ? null : "key" },
            endpoints = new[] { new { name = "call", method = "GET", path = "/x", timeout_seconds = 5 } },
        }).Success();
        var workflow = await PublishedWorkflows.Publish(owner, $$"""
            format: 1
            name: Calls
            trigger: { type: api }
            nodes:
              - { id: call, type: http, {{extra}} settings: { connector: outside, endpoint: call } }
            """);
        var run = await PublishedWorkflows.Start(owner, workflow, null);
        var shown = await PublishedWorkflows.Finished(owner, run);
        return (shown, shown.GetRawText() + (await owner.Get($"/runs/{run}/journal").Success()).GetRawText());
    }

    [Theory]
    [InlineData("200 OK", "text/plain")]
    [InlineData("200 OK", "application/json")]
    [InlineData("500 Oops", "text/plain")]
    public async Task Abuse14_A_secret_that_the_service_sends_back_does_not_enter_the_run(string status, string type)
    {
        var base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(Token));
        await using var service = new Service(request =>
        {
            var authorization = request.Split("\r\n").Single(l => l.StartsWith("Authorization", StringComparison.OrdinalIgnoreCase));
            string[] lines = [authorization, base64, Uri.EscapeDataString(Token), Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Token))];
            return Answer(status, type, Encoding.UTF8.GetBytes(type == "text/plain" ? string.Join('\n', lines) : JsonSerializer.Serialize(new { nested = new[] { lines }, head = authorization })));
        });
        var (_, text) = await Call(service, "bearer", new { token = Token });
        Assert.Contains("[secret]", text, StringComparison.Ordinal);
        foreach (var form in (string[])[Token, base64, Uri.EscapeDataString(Token), Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Token)), "tok/en"])
            Assert.DoesNotContain(form, text.Replace("\\u002B", "+", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Abuse14_The_answer_of_a_failed_call_is_not_quoted_where_the_node_is_sensitive()
    {
        await using var service = new Service(_ => Answer("500 Oops", "text/plain", "social security number 123-45-6789"u8.ToArray()));
        var (run, text) = await Call(service, "none", null, "sensitive: [/body], ");
        Assert.Equal("failed", run.GetProperty("status").GetString());
        Assert.DoesNotContain("123-45-6789", text, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string> Answers => new()
    {
        { "NUL in JSON", "application/json", "\"a\\u0000b\"" },
        { "half a pair", "application/json", "\"\\ud800\"" },
        { "a number beyond doubles", "application/json", "1e400" },
        { "members twice", "application/json", "{\"a\":1,\"a\":2}" },
        { "60 levels", "application/json", new string('[', 60) + new string(']', 60) },
        { "a thousand levels", "application/json", new string('[', 1000) + new string(']', 1000) },
        { "no UTF-8", "text/plain; charset=nonsense", "\u00ff\u00fe\u0000\u00c0" },
        { "2 MB", "text/plain", new string('x', 2_000_000) },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Abuse18_A_run_ends_and_can_be_read_whatever_the_service_answers(string what, string type, string body)
    {
        await using var service = new Service(_ => Answer("200 OK", type, Encoding.Latin1.GetBytes(body)));
        var (run, _) = await Call(service, "none", null);
        Assert.True(run.GetProperty("status").GetString() is "succeeded" or "failed", what);
    }
}
