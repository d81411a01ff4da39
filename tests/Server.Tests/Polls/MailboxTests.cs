using System.Net;
using System.Text;
using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Polls;

/// <summary>FX15: a new mail of a mailbox starts one run.</summary>
public sealed class MailboxTests
{
    private const string Password = "mailbox-password-4711";

    private static readonly IPAddress Outside = IPAddress.Parse("127.0.0.2");

    private static readonly TestAuthority Authority = new("Tests");

    private static string Mail(string subject) =>
        $"From: Ann <ann@example.test>\nTo: desk@example.test\nSubject: {subject}\nMessage-ID: <{subject}@example.test>\nDate: Fri, 02 Jan 2026 03:04:05 +0000\n\nHello\n";

    private sealed record Scene(TestInstallation Installation, TestMember Owner, string Workflow)
    {
        public static async Task<Scene> New(StubMailServer server, string security = "tls", string? ca = null, string? host = null)
        {
            var installation = await Tests.Installation.Get();
            var owner = await installation.NewOrganization();
            await owner.Post("/credentials", new
            {
                name = "desk", type = "imap", allowed_hosts = new[] { $"{host ?? "127.0.0.2"}:{server.Port}" },
                secret = new { host = host ?? "127.0.0.2", port = server.Port, security, username = "desk", password = Password, ca = ca ?? Authority.Pem },
            }).Success();
            return new Scene(installation, owner, await owner.Publish("""
                format: 1
                name: Mailbox
                trigger: { type: email, settings: { credential: desk } }
                nodes:
                  - { id: a, type: transform, settings: { output: "{{ trigger.message.subject }}" } }
                """));
        }

        public async Task<JsonElement> Looked()
        {
            var poll = default(JsonElement);
            await Condition.Holds(async () => (poll = (await Owner.Get($"/workflows/{Workflow}").Success()).GetProperty("poll")).GetProperty("looked_at").ValueKind == JsonValueKind.String
                && poll.GetProperty("next_look_at") is { ValueKind: JsonValueKind.String } next && next.GetDateTimeOffset() > TimeProvider.System.GetUtcNow().AddSeconds(30), "the mailbox was looked into");
            return poll;
        }

        /// <summary>As if the interval were over.</summary>
        public async Task<JsonElement> Look()
        {
            await Installation.Change("update polls set due_at = $2, next_at = $2 where workflow_id = $1", Guid.Parse(Workflow), TimeProvider.System.GetUtcNow().AddSeconds(-1));
            return await Looked();
        }

        public async Task<JsonElement[]> Runs() => [.. (await Owner.Get($"/runs?limit=200&workflow_id={Workflow}").Success()).GetProperty("items").EnumerateArray().Reverse()];

        public async Task<string[]> Subjects()
        {
            var subjects = new List<string>();
            foreach (var run in await Runs())
                subjects.Add((await Owner.FinishedRun(run.Text("id"))).Step("a").GetProperty("output").GetString()!);
            return [.. subjects];
        }
    }

    [Theory]
    [InlineData("tls")]
    [InlineData("starttls")]
    public async Task FX15_The_first_look_starts_nothing_and_each_new_mail_starts_one_run(string security)
    {
        var mailbox = new StubMailbox();
        mailbox.Add(Mail("old"));
        await using var server = mailbox.Serve(await Installation.OutsidePort(), Authority.Issue("outside.test", Outside), implicitTls: security == "tls");
        var scene = await Scene.New(server, security);
        Assert.Equal(0, (await scene.Looked()).GetProperty("failures").GetInt32());
        Assert.Empty(await scene.Runs());
        mailbox.Add(Mail("one"));
        mailbox.Add(Mail("two"));
        await scene.Look();
        await scene.Look();
        Assert.Equal(["one", "two"], await scene.Subjects());
        // What a crash between the starts and the keeping leaves.
        mailbox.Add(Mail("three"));
        var state = await scene.Installation.TextOf("select encode(state, 'hex') from polls where workflow_id = $1", Guid.Parse(scene.Workflow));
        await scene.Look();
        await scene.Installation.Change("update polls set state = decode($2, 'hex') where workflow_id = $1", Guid.Parse(scene.Workflow), state);
        await scene.Look();
        Assert.Equal(["one", "two", "three"], await scene.Subjects());
        // Nothing is marked, and before TLS nothing is said but that it shall begin.
        Assert.All(server.Talks, t =>
        {
            Assert.DoesNotContain(t.Lines, l => l.Contains(" SELECT ", StringComparison.Ordinal) || l.Contains(" STORE ", StringComparison.Ordinal) || l.Contains(" BODY[", StringComparison.Ordinal));
            Assert.True(t.SecureSince >= 0, string.Join('\n', t.Lines));
            Assert.All(t.Lines.Take(t.SecureSince), l => Assert.Matches("STARTTLS|CAPABILITY", l));
        });
    }

    [Fact]
    public async Task A_mail_is_seen_with_its_headers_bodies_and_what_is_attached()
    {
        var mailbox = new StubMailbox();
        await using var server = mailbox.Serve(await Installation.OutsidePort(), Authority.Issue("outside.test", Outside));
        var scene = await Scene.New(server);
        await scene.Looked();
        mailbox.Add("""
            From: =?utf-8?q?J=C3=BCrgen?= <j@example.test>
            To: desk@example.test, Two <two@example.test>
            Subject: =?utf-8?q?Gr=C3=B6=C3=9Fe?=
            Message-ID: <m1@example.test>
            X-Own: mine
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/plain; charset=utf-8

            Hello
            --b
            Content-Type: application/pdf; name="../../etc/passwd"
            Content-Disposition: attachment; filename="../../etc/passwd"
            Content-Transfer-Encoding: base64

            AAAA
            --b--
            """);
        await scene.Look();
        var message = (await scene.Owner.FinishedRun(Assert.Single(await scene.Runs()).Text("id"))).GetProperty("trigger").GetProperty("message");
        Assert.Equal(("Größe", "m1@example.test", "mine", "Hello"), (message.Text("subject"), message.Text("message_id").Trim('<', '>'), message.GetProperty("headers").Text("x-own"), message.Text("text").Trim()));
        Assert.Equal(("Jürgen", "j@example.test", 2), (message.GetProperty("from")[0].Text("name"), message.GetProperty("from")[0].Text("address"), message.GetProperty("to").GetArrayLength()));
        Assert.Equal("application/pdf", Assert.Single(message.GetProperty("attachments").EnumerateArray()).Text("content_type"));
    }

    [Fact]
    public async Task FX15_A_folder_that_is_numbered_anew_begins_anew_and_many_mails_take_several_looks()
    {
        var mailbox = new StubMailbox();
        await using var server = mailbox.Serve(await Installation.OutsidePort(), Authority.Issue("outside.test", Outside));
        var scene = await Scene.New(server);
        await scene.Looked();
        for (var n = 0; n < 30; n++)
            mailbox.Add(Mail($"m{n}"));
        await scene.Look();
        Assert.Equal(Enumerable.Range(0, 30).Select(n => $"m{n}"), await scene.Subjects());
        (mailbox.Validity, mailbox.Next) = (8, 100);
        await scene.Look();
        Assert.Equal(30, (await scene.Runs()).Length);
        mailbox.Add(Mail("after"));
        await scene.Look();
        Assert.Equal("after", (await scene.Subjects())[^1]);
    }

    [Fact]
    public async Task A_large_mail_is_seen_by_its_headers_alone()
    {
        var mailbox = new StubMailbox { ClaimedSize = 500_000_000 };
        await using var server = mailbox.Serve(await Installation.OutsidePort(), Authority.Issue("outside.test", Outside));
        var scene = await Scene.New(server);
        await scene.Looked();
        mailbox.Add(Mail("large"));
        await scene.Look();
        Assert.Equal(["large"], await scene.Subjects());
        Assert.DoesNotContain(server.Talks.SelectMany(t => t.Lines), l => l.Contains("BODY.PEEK[]", StringComparison.Ordinal));
    }

    [Fact]
    public async Task FX15_A_mailbox_that_never_answers_makes_nobody_else_wait()
    {
        var held = new TaskCompletionSource();
        await using var silent = new StubMailServer(await Installation.OutsidePort(), _ => held.Task);
        await using var server = new StubMailbox().Serve(await Installation.OutsidePort(), Authority.Issue("outside.test", Outside));
        try
        {
            await Scene.New(silent);
            await Condition.Holds(() => Task.FromResult(!silent.Talks.IsEmpty), "the silent mailbox is looked into");
            Assert.Equal(0, (await (await Scene.New(server)).Looked()).GetProperty("failures").GetInt32());
        }
        finally
        {
            held.SetResult();
        }
    }

    [Theory]
    [InlineData("huge literal")]
    [InlineData("endless line")]
    [InlineData("other tags")]
    [InlineData("not asked")]
    [InlineData("no numbers")]
    [InlineData("not imap")]
    public async Task A_hostile_server_starts_no_run_and_costs_no_memory(string hostility)
    {
        var mailbox = new StubMailbox();
        mailbox.Add(Mail("old"));
        var filler = Encoding.ASCII.GetBytes(new string('x', 1024 * 1024));
        async Task Flood(MailLines lines, string begin)
        {
            await lines.Stream.WriteAsync(Encoding.ASCII.GetBytes(begin));
            for (var n = 0; n < 200; n++)
                await lines.Stream.WriteAsync(filler);
        }

        await using var server = mailbox.Serve(await Installation.OutsidePort(), Authority.Issue("outside.test", Outside), answers: async (lines, tag, verb, rest) =>
        {
            var reads = rest.Contains("BODY", StringComparison.Ordinal);
            switch (hostility, verb)
            {
                case ("huge literal", "UID FETCH") when reads:
                    await Flood(lines, "* 2 FETCH (UID 2 BODY[] {2147483000}\r\n");
                    return true;
                case ("endless line", "UID FETCH"):
                    await Flood(lines, "* OK ");
                    return true;
                case ("other tags", "UID FETCH"):
                    await lines.Say("Z99999999 OK done\r\ngarbage");
                    return true;
                case ("not asked", "UID FETCH") when !reads:
                    await lines.Say($"* 1 FETCH (UID 1 RFC822.SIZE 10 INTERNALDATE \"02-Jan-2026 03:04:05 +0000\")\r\n* 2 FETCH (UID 4000000 RFC822.SIZE 10 INTERNALDATE \"02-Jan-2026 03:04:05 +0000\")\r\n{tag} OK done");
                    return true;
                case ("no numbers", "EXAMINE"):
                    await lines.Say($"* 0 EXISTS\r\n* 0 RECENT\r\n* FLAGS ()\r\n{tag} OK done");
                    return true;
                case ("not imap", "AUTHENTICATE"):
                    await lines.Say("HTTP/1.1 200 OK\r\n\r\n<html>");
                    return true;
                default:
                    return false;
            }
        });
        var scene = await Scene.New(server);
        await scene.Looked();
        mailbox.Add(Mail("new"));
        var before = GC.GetTotalMemory(forceFullCollection: false);
        var poll = await scene.Look();
        if (hostility == "not asked")
            Assert.Equal(0, poll.GetProperty("failures").GetInt32());
        else
            Assert.Contains(poll.Text("error_code"), (string[])["mail.protocol", "mail.no_uids", "egress.connect", "mail.refused"]);
        Assert.Empty(await scene.Runs());
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - before < 200_000_000, "The flood stayed in memory.");
    }

    [Fact]
    public async Task FK15_Abuse06_No_mailbox_is_read_without_tls_a_certificate_that_holds_and_the_guards_leave()
    {
        var mailbox = new StubMailbox();
        async Task<string> Failure(StubMailServer server, string security = "tls", string? ca = null, string? host = null) => (await (await Scene.New(server, security, ca, host)).Looked()).Text("error_code");
        await using var server = mailbox.Serve(await Installation.OutsidePort(), Authority.Issue("outside.test", Outside));
        Assert.Equal("egress.tls", await Failure(server, ca: new TestAuthority("Other").Pem));
        Assert.Equal("egress.blocked", await Failure(server, host: "127.0.0.1"));
        await using var otherName = mailbox.Serve(await Installation.OutsidePort(), Authority.Issue("mail.example.test"));
        Assert.Equal("egress.tls", await Failure(otherName));
        await using var stripped = mailbox.Serve(await Installation.OutsidePort(), Authority.Issue("outside.test", Outside), implicitTls: false, offersTls: false);
        Assert.Equal("mail.no_tls", await Failure(stripped, "starttls"));
        Assert.DoesNotContain(stripped.Talks.SelectMany(t => t.Lines), l => l.Contains("AUTHENTICATE", StringComparison.Ordinal) || l.Contains("LOGIN", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_does_not_let_the_user_in_and_repeats_the_password_shows_it_to_nobody()
    {
        await using var closed = new StubMailbox().Serve(await Installation.OutsidePort(), Authority.Issue("outside.test", Outside), answers: async (lines, tag, verb, _) =>
        {
            if (verb is "AUTHENTICATE" or "LOGIN")
                await lines.Say($"{tag} NO {Password} is wrong");
            return verb is "AUTHENTICATE" or "LOGIN";
        });
        var poll = await (await Scene.New(closed)).Looked();
        Assert.Equal("mail.sign_in", poll.Text("error_code"));
        Assert.DoesNotContain(Password, poll.GetRawText(), StringComparison.Ordinal);
        await using var talkative = new StubMailbox().Serve(await Installation.OutsidePort(), Authority.Issue("outside.test", Outside), answers: async (lines, tag, verb, _) =>
        {
            if (verb == "EXAMINE")
                await lines.Say($"{tag} NO you said {Password}");
            return verb == "EXAMINE";
        });
        var shown = await (await Scene.New(talkative)).Looked();
        Assert.DoesNotContain(Password, shown.GetRawText(), StringComparison.Ordinal);
    }
}
