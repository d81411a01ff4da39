using System.Net;
using System.Net.Sockets;
using Fluxgate.Core.Expressions;
using Fluxgate.Egress;
using Fluxgate.Egress.Databases;
using Fluxgate.Egress.Mail;
using Fluxgate.Testing;

namespace Fluxgate.Engine.Tests.Egress;

/// <summary>Abuse 6: the other protocols go through the same guard. FK15: certificates are compared with the name that was meant.</summary>
public sealed class MailAndDatabaseTests
{
    private static readonly IPAddress Outside = IPAddress.Parse("127.0.0.2");

    private static readonly TestAuthority Authority = new("Tests");

    private static readonly OutgoingMail Mail = new("clerk@example.test", ["ann@example.test"], [], [], [], "s", "t", null, "id");

    private static TcpListener Listener()
    {
        var listener = new TcpListener(IPAddress.Parse("127.0.0.2"), 0);
        listener.Start();
        return listener;
    }

    private static GuardedDialer Dialer(int port, Func<string, string[]> resolve)
    {
        var options = new EgressOptions { Allow = [$"127.0.0.2/32:{port}"] };
        return new GuardedDialer(new EgressGuard(options, () => []), (host, _) => Task.FromResult(resolve(host).Select(IPAddress.Parse).ToArray()));
    }

    private static MailServer Server(int port, string host = "mail.example.test") => new(host, port, MailSecurity.Tls, "clerk", "password", Authority.Pem);

    [Fact]
    public async Task FK15_A_certificate_holds_for_the_name_and_not_for_the_address_that_it_led_to()
    {
        await using var named = StubMailServer.Smtp(Listener(), Authority.Issue("mail.example.test"), implicitTls: true);
        var (sent, failure) = await new EgressSmtp(Dialer(named.Port, _ => ["127.0.0.2"]), TimeProvider.System).Send(Server(named.Port), Mail, EgressPolicy.Open, CancellationToken.None);
        Assert.Null(failure?.Error.Code);
        Assert.Contains(sent!.MessageId, Assert.Single(named.Mails), StringComparison.Ordinal);
        await using var addressed = StubMailServer.Smtp(Listener(), Authority.Issue("outside.test", Outside), implicitTls: true);
        (_, failure) = await new EgressSmtp(Dialer(addressed.Port, _ => ["127.0.0.2"]), TimeProvider.System).Send(Server(addressed.Port), Mail, EgressPolicy.Open, CancellationToken.None);
        Assert.Equal("egress.tls", failure?.Error.Code);
    }

    [Fact]
    public async Task Abuse06_A_name_that_leads_inside_or_changes_its_mind_is_not_dialled()
    {
        await using var server = StubMailServer.Smtp(Listener(), Authority.Issue("mail.example.test"), implicitTls: true);
        foreach (var addresses in (string[][])[["127.0.0.1"], ["127.0.0.2", "127.0.0.1"], ["169.254.169.254"], ["::ffff:127.0.0.2"]])
        {
            var dialer = Dialer(server.Port, _ => addresses);
            Assert.Equal("egress.blocked", (await new EgressSmtp(dialer, TimeProvider.System).Send(Server(server.Port), Mail, EgressPolicy.Open, CancellationToken.None)).Failure?.Error.Code);
            Assert.Equal("egress.blocked", (await new EgressImap(dialer).Look(Server(server.Port), "INBOX", null, EgressPolicy.Open, CancellationToken.None)).Failure?.Error.Code);
            Assert.Equal("egress.blocked", (await Ask(dialer, server.Port, useTls: true)).Failure?.Error.Code);
        }
        Assert.Empty(server.Talks);
        // Asked once: what the name says the second time is not heard.
        var answers = new Queue<string[]>([["127.0.0.2"], ["127.0.0.1"]]);
        Assert.Null((await new EgressSmtp(Dialer(server.Port, _ => answers.Dequeue()), TimeProvider.System).Send(Server(server.Port), Mail, EgressPolicy.Open, CancellationToken.None)).Failure);
    }

    [Theory]
    [InlineData(MailSecurity.Tls)]
    [InlineData(MailSecurity.Starttls)]
    public async Task Abuse06_A_certificate_that_names_an_address_inside_makes_nobody_fetch_it(MailSecurity security)
    {
        await using var inside = new OutsideServer(_ => OutsideServer.Answer("404 Not Found"), address: "127.0.0.1");
        var certificate = OutsideServer.OfUnknownIssuer("CN=mail.example.test", $"http://127.0.0.1:{inside.Port}/ca.cer");
        await using var smtp = StubMailServer.Smtp(Listener(), certificate, implicitTls: security == MailSecurity.Tls);
        var (_, failure) = await new EgressSmtp(Dialer(smtp.Port, _ => ["127.0.0.2"]), TimeProvider.System).Send(Server(smtp.Port) with { Security = security }, Mail, EgressPolicy.Open, CancellationToken.None);
        Assert.Equal("egress.tls", failure?.Error.Code);
        await using var imap = new StubMailServer(Listener(), async lines =>
        {
            if (security == MailSecurity.Starttls)
            {
                await lines.Say("* OK stub");
                await lines.Hear();
                await lines.Say("s1 OK go ahead");
            }
            await lines.Secure(certificate);
        });
        Assert.Equal("egress.tls", (await new EgressImap(Dialer(imap.Port, _ => ["127.0.0.2"])).Look(Server(imap.Port) with { Security = security }, "INBOX", null, EgressPolicy.Open, CancellationToken.None)).Failure?.Error.Code);
        Assert.Empty(inside.Requests);
    }

    [Fact]
    public async Task F5_An_organizations_list_counts_for_every_protocol()
    {
        await using var server = StubMailServer.Smtp(Listener(), Authority.Issue("mail.example.test"), implicitTls: true);
        var dialer = Dialer(server.Port, _ => ["127.0.0.2"]);
        var narrow = new EgressPolicy(EgressMode.AllowList, []);
        Assert.Equal("egress.not_listed", (await new EgressSmtp(dialer, TimeProvider.System).Send(Server(server.Port), Mail, narrow, CancellationToken.None)).Failure?.Error.Code);
        Assert.Equal("egress.not_listed", (await new EgressImap(dialer).Look(Server(server.Port), "INBOX", null, narrow, CancellationToken.None)).Failure?.Error.Code);
        Assert.Equal("egress.not_listed", (await Ask(dialer, server.Port, useTls: true, policy: narrow)).Failure?.Error.Code);
        Assert.Empty(server.Talks);
    }

    [Fact]
    public async Task FK15_No_database_is_asked_without_tls_outside_development_and_none_that_offers_no_tls()
    {
        var listener = Listener();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        // It says N to the request for TLS, as a server without it or somebody between.
        await using var plain = new StubMailServer(listener, async lines =>
        {
            var request = new byte[8];
            await lines.Stream.ReadExactlyAsync(request);
            await lines.Stream.WriteAsync("N"u8.ToArray());
            while (await lines.Hear() is not null)
            {
                // Whatever else it says is remembered.
            }
        });
        var dialer = Dialer(port, _ => ["127.0.0.2"]);
        Assert.Equal("egress.tls_required", (await Ask(dialer, port, useTls: false)).Failure?.Error.Code);
        Assert.Empty(plain.Talks);
        Assert.NotNull((await Ask(dialer, port, useTls: true)).Failure);
        Assert.Empty(Assert.Single(plain.Talks).Lines);
    }

    private static Task<(DatabaseAnswer? Answer, DatabaseFailure? Failure)> Ask(GuardedDialer dialer, int port, bool useTls, EgressPolicy? policy = null) =>
        new EgressDatabase(new EgressOptions(), dialer, requireTls: true, TimeProvider.System).Run(
            new DatabaseServer("db.example.test", port, "postgres", "clerk", "password", Authority.Pem, useTls),
            new DatabaseQuery("select 1", [CelValue.From(1L)], true, TimeSpan.FromSeconds(5), 10, 1000), policy ?? EgressPolicy.Open, CancellationToken.None);
}
