using System.Net;
using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Mail;

/// <summary>The email node, against a server that remembers what it was told. FK15: certificates are always verified, and nothing goes without TLS.</summary>
public sealed class EmailNodeTests
{
    private const string Password = "mail-password-4711";
    private const string Simple = "to: ann@example.test, subject: Hello, text: \"Total: {{ trigger.body }}\"";
    private const string Retry = ", retry: { attempts: 2, initial: 10ms }";

    private static readonly IPAddress Outside = IPAddress.Parse("127.0.0.2");

    private static readonly TestAuthority Authority = new("Tests");

    private static object Credential(StubMailServer server, string security = "starttls", string? ca = null, string? host = null, string? allowed = null) => new
    {
        name = "mail", type = "smtp", allowed_hosts = new[] { allowed ?? server.Authority },
        secret = new { host = host ?? "127.0.0.2", port = server.Port, security, username = "clerk", password = Password, from = "Clerk <clerk@example.test>", ca = ca ?? Authority.Pem },
    };

    private static string Document(string settings, string more = "") => $$$"""
        format: 1
        name: Mails {{{Guid.NewGuid():N}}}
        trigger: { type: api }
        nodes:
          - { id: mail, type: email, settings: { credential: mail, {{{settings}}} }{{{more}}} }
        """;

    private static async Task<(JsonElement Run, TestMember Owner)> Run(StubMailServer server, string settings = Simple, string more = "", object? credential = null, object? input = null)
    {
        var owner = await (await Installation.Get()).NewOrganization();
        await owner.Post("/credentials", credential ?? Credential(server)).Success();
        return (await owner.RunOnce(Document(settings, more), input ?? "7"), owner);
    }

    private static string? Code(JsonElement run) => run.GetProperty("error") is { ValueKind: JsonValueKind.Object } error ? error.Text("code") : null;

    [Theory]
    [InlineData("starttls")]
    [InlineData("tls")]
    public async Task A_mail_is_sent_under_tls_to_all_who_are_named_and_recorded_without_what_it_says(string security)
    {
        await using var server = StubMailServer.Smtp(await Installation.OutsidePort(), Authority.Issue("outside.test", Outside), implicitTls: security == "tls");
        var (run, owner) = await Run(server,
            "to: [\"Ann <ann@example.test>\", bob@example.test], cc: carl@example.test, bcc: dora@example.test, reply_to: desk@example.test, subject: \"Totals {{ trigger.body }}\", text: plain words, html: <b>rich</b>",
            credential: Credential(server, security));
        Assert.Equal(("succeeded", 4), (run.Text("status"), run.Step("mail").GetProperty("output").GetProperty("recipients").GetInt32()));
        var (talk, mail) = (Assert.Single(server.Talks), Assert.Single(server.Mails));
        Assert.Contains(talk.Lines, l => l.StartsWith("MAIL FROM:<clerk@example.test>", StringComparison.Ordinal));
        Assert.Equal(4, talk.Lines.Count(l => l.StartsWith("RCPT TO:", StringComparison.Ordinal)));
        Assert.DoesNotContain("dora", mail, StringComparison.Ordinal);
        foreach (var part in (string[])["To: Ann <ann@example.test>, bob@example.test", "Cc: carl@example.test", "Reply-To: desk@example.test", "From: Clerk <clerk@example.test>", "Subject: Totals 7", "plain words", "<b>rich</b>", "multipart/alternative"])
            Assert.Contains(part, mail, StringComparison.Ordinal);
        // Before TLS nothing is said but that it shall begin; the machine is named to nobody.
        Assert.All(talk.Lines.Take(talk.SecureSince), l => Assert.Matches("^(EHLO|STARTTLS)", l));
        Assert.DoesNotContain(Environment.MachineName, string.Join('\n', talk.Lines), StringComparison.OrdinalIgnoreCase);
        var audited = Assert.Single(await (await Installation.Get()).Audited(owner.Organization, "run.finished")).GetProperty("details").GetProperty("calls")[0];
        Assert.Equal((server.Authority, "send"), (audited.Text("host"), audited.Text("method")));
        Assert.DoesNotContain("plain words", audited.GetRawText(), StringComparison.Ordinal);
        foreach (var shown in (string[])[run.GetRawText(), (await owner.Get("/credentials").Success()).GetRawText()])
            Assert.DoesNotContain(Password, shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FK07_A_refusal_that_may_pass_is_tried_again_with_the_same_message_id()
    {
        var said = 0;
        await using var server = StubMailServer.Smtp(await Installation.OutsidePort(), Authority.Issue("outside.test", Outside), answers: (_, verb) => verb == "TAKEN" && said++ == 0 ? "451 later" : null);
        var (run, _) = await Run(server, more: Retry);
        Assert.Equal(("succeeded", 2, 2), (run.Text("status"), run.Step("mail").GetProperty("attempts").GetInt32(), server.Mails.Count));
        var ids = server.Mails.Select(m => m.Split('\n').Single(l => l.StartsWith("Message-Id:", StringComparison.OrdinalIgnoreCase))).ToArray();
        Assert.Equal(ids[0], ids[1]);
        Assert.Contains(run.Step("mail").GetProperty("output").Text("message_id"), ids[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MAIL", "550 no")]
    [InlineData("RCPT", "550 no such user")]
    [InlineData("TAKEN", "554 spam")]
    public async Task FK07_A_refusal_that_stays_is_not_tried_again(string verb, string answer)
    {
        await using var server = StubMailServer.Smtp(await Installation.OutsidePort(), Authority.Issue("outside.test", Outside), answers: (_, said) => said == verb ? answer : null);
        var (run, _) = await Run(server, more: Retry);
        Assert.Equal(("mail.refused", 1), (Code(run), run.Step("mail").GetProperty("attempts").GetInt32()));
    }

    [Fact]
    public async Task A_server_that_does_not_let_the_user_in_and_repeats_the_password_shows_it_to_nobody()
    {
        await using var server = StubMailServer.Smtp(await Installation.OutsidePort(), Authority.Issue("outside.test", Outside), answers: (_, verb) => verb == "AUTH" ? $"535 {Password} is wrong" : null);
        var (run, _) = await Run(server, more: Retry);
        Assert.Equal(("mail.sign_in", 1), (Code(run), run.Step("mail").GetProperty("attempts").GetInt32()));
        Assert.DoesNotContain(Password, run.GetRawText(), StringComparison.Ordinal);
        await using var talkative = StubMailServer.Smtp(await Installation.OutsidePort(), Authority.Issue("outside.test", Outside), answers: (_, verb) => verb == "MAIL" ? $"550 you said {Password}" : null);
        Assert.Contains("[secret]", (await Run(talkative)).Run.GetProperty("error").Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FK15_Without_starttls_nothing_is_said_and_no_certificate_is_taken_that_does_not_hold()
    {
        await using var stripped = StubMailServer.Smtp(await Installation.OutsidePort(), Authority.Issue("outside.test", Outside), offersTls: false);
        Assert.Equal("mail.no_tls", Code((await Run(stripped)).Run));
        Assert.All(Assert.Single(stripped.Talks).Lines, l => Assert.Matches("^(EHLO|QUIT)", l));

        foreach (var security in (string[])["starttls", "tls"])
        {
            await using var otherName = StubMailServer.Smtp(await Installation.OutsidePort(), Authority.Issue("mail.example.test"), implicitTls: security == "tls");
            await using var otherAuthority = StubMailServer.Smtp(await Installation.OutsidePort(), new TestAuthority("Other").Issue("outside.test", Outside), implicitTls: security == "tls");
            foreach (var server in (StubMailServer[])[otherName, otherAuthority])
            {
                Assert.Equal("egress.tls", Code((await Run(server, credential: Credential(server, security))).Run));
                Assert.DoesNotContain(Assert.Single(server.Talks).Lines, l => l.StartsWith("AUTH", StringComparison.Ordinal));
            }
        }
        // A server that goes on in the clear after it said it would not.
        await using var liar = StubMailServer.Smtp(await Installation.OutsidePort(), Authority.Issue("outside.test", Outside), answers: (_, verb) => verb == "STARTTLS" ? "454 not today" : null);
        Assert.NotEqual("succeeded", (await Run(liar)).Run.Text("status"));
        Assert.DoesNotContain(Assert.Single(liar.Talks).Lines, l => l.StartsWith("AUTH", StringComparison.Ordinal) || l.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_data_becomes_a_header_another_recipient_or_a_command()
    {
        await using var server = StubMailServer.Smtp(await Installation.OutsidePort(), Authority.Issue("outside.test", Outside));
        var owner = await (await Installation.Get()).NewOrganization();
        await owner.Post("/credentials", Credential(server)).Success();
        async Task<JsonElement> Send(string settings, string input) => await owner.RunOnce(Document(settings), input);
        foreach (var address in (string[])["ann@example.test\r\nBcc: eve@example.test", "ann@example.test, eve@example.test", "a@b.test> SIZE=1\r\nRCPT TO:<eve@example.test", "group: a@b.test;", "<@relay.test:a@b.test>", "ann", "@b.test", "ann@", "", "a b@c.test", "\"a@b.test\" <eve@example.test> x", new string('a', 65) + "@b.test"])
            Assert.Equal("mail.address", Code(await Send("to: \"{{ trigger.body }}\", subject: s, text: t", address)));
        foreach (var subject in (string[])["a\r\nBcc: eve@example.test", "a\nb", "a\tb", new string('s', 501)])
            Assert.Equal("mail.subject", Code(await Send("to: a@b.test, subject: \"{{ trigger.body }}\", text: t", subject)));
        Assert.Empty(server.Talks);
        // A line of a dot alone does not end the mail.
        Assert.Null(Code(await Send("to: a@b.test, subject: s, text: \"{{ trigger.body }}\"", "one\r\n.\r\nMAIL FROM:<eve@example.test>\r\n")));
        Assert.Contains("\n..\n", Assert.Single(server.Mails), StringComparison.Ordinal);
        Assert.Equal("mail.recipients", Code(await Send("to: [], subject: s, text: t", "")));
        Assert.Equal("mail.recipients", Code(await Send($"to: [{string.Join(", ", Enumerable.Range(0, 51).Select(n => $"a{n}@b.test"))}], subject: s, text: t", "")));
        Assert.Equal("mail.body", Code(await Send("to: a@b.test, subject: s, html: \"{{ trigger.body }}\"", new string('x', 530_000))));
        Assert.Equal("mail.body", Code(await Send("to: a@b.test, subject: s", "")));
    }

    [Fact]
    public async Task A_server_that_does_not_keep_to_the_protocol_costs_an_attempt_and_no_memory()
    {
        var endless = new string('x', 64 * 1024);
        await using var talker = new StubMailServer(await Installation.OutsidePort(), async lines =>
        {
            await lines.Secure(Authority.Issue("outside.test", Outside));
            await lines.Say("220 stub");
            await lines.Hear();
            for (var sent = 0; sent < 1000; sent++)
                await lines.Say($"250-{endless}");
        });
        Assert.True(Code((await Run(talker, credential: Credential(talker, "tls"))).Run) is "egress.connect" or "mail.protocol");
        await using var nonsense = new StubMailServer(await Installation.OutsidePort(), async lines => await lines.Say("HTTP/1.1 200 OK"));
        Assert.Equal("mail.protocol", Code((await Run(nonsense)).Run));
    }

    [Fact]
    public async Task FX04_F5_A_credential_of_another_type_and_a_host_that_is_not_allowed_are_refused_without_a_call()
    {
        await using var server = StubMailServer.Smtp(await Installation.OutsidePort(), Authority.Issue("outside.test", Outside));
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        await owner.Post("/credentials", new { name = "mail", type = "bearer", allowed_hosts = new[] { server.Authority }, secret = new { token = "t" } }).Success();
        var draft = await owner.Draft(Document(Simple));
        var fault = Assert.Single((await draft.Json()).GetProperty("errors").EnumerateArray());
        Assert.Equal(("/nodes/0/settings/credential", "credential.type"), (fault.Text("pointer"), fault.Text("code")));

        var other = await installation.NewOrganization();
        await other.Post("/credentials", Credential(server, allowed: "elsewhere.test")).Refuses(400, "request.invalid");
        var credential = await other.Post("/credentials", Credential(server)).Success();
        var workflow = await other.Publish(Document(Simple));
        await installation.Change("update credentials set allowed_hosts = '{elsewhere.test}' where id = $1", credential.Id());
        Assert.Equal("credential.host", Code(await other.FinishedRun(await other.StartRun(workflow))));
        await installation.Change("update credentials set allowed_hosts = $2, type = 'imap' where id = $1", credential.Id(), new[] { server.Authority });
        Assert.Equal("credential.type", Code(await other.FinishedRun(await other.StartRun(workflow))));
        Assert.Empty(server.Talks);
    }

    [Fact]
    public async Task Abuse06_An_address_inside_is_not_dialled()
    {
        await using var server = StubMailServer.Smtp(await Installation.OutsidePort(), Authority.Issue("outside.test", Outside));
        foreach (var inside in (string[])["127.0.0.1", "169.254.169.254", "localhost"])
            Assert.Equal("egress.blocked", Code((await Run(server, credential: Credential(server, host: inside, allowed: $"{inside}:{server.Port}"))).Run));
        Assert.Empty(server.Talks);
    }

    [Fact]
    public async Task FK06_A_server_that_is_down_opens_the_credentials_circuit_breaker()
    {
        await using var server = new StubMailServer(await Installation.OutsidePort(), _ => Task.CompletedTask);
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        await owner.Post("/credentials", Credential(server)).Success();
        var workflow = await owner.Publish(Document(Simple));
        for (var n = 0; n < 5; n++)
            Assert.Equal("mail.protocol", Code(await owner.FinishedRun(await owner.StartRun(workflow))));
        Assert.Equal("credential.breaker_open", Code(await owner.FinishedRun(await owner.StartRun(workflow))));
        Assert.Equal(5, server.Talks.Count);
        Assert.Single(await installation.Audited(owner.Organization, "credential.breaker_opened"));
    }
}
