using System.Net;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests;

public sealed class InvitationTests
{
    private static object Acceptance(string token) => new { token, display_name = "New", password = TestClient.Password };

    [Fact]
    public async Task FX01_An_invited_person_makes_an_account_and_is_a_member()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var email = People.NewEmail();
        var invitation = await owner.Invite(email, "viewer");
        Assert.EndsWith("/join#" + invitation.Text("token"), invitation.Text("link"), StringComparison.Ordinal);
        Assert.DoesNotContain(invitation.Text("token"), await installation.TextOf("select row_to_json(i)::text from invitations i where id = $1", invitation.Id()), StringComparison.Ordinal);

        var client = installation.Client();
        var accepted = await client.Post("/v1/invitations/accept", Acceptance(invitation.Text("token"))).Success();
        Assert.Equal(owner.Slug, accepted.Text("slug"));
        var me = await client.Get("/v1/me").Success();
        Assert.Equal(email, me.Text("email"));
        Assert.Equal("accepted", (await owner.Get("/invitations").Success()).GetProperty("items")[0].Text("state"));
        Assert.Single(await installation.Audited(owner.Organization, "invitation.created"));
        Assert.Single(await installation.Audited(owner.Organization, "invitation.accepted"));
        await installation.Client().Post("/v1/invitations/accept", Acceptance(invitation.Text("token"))).Refuses(404, "invitation.not_found");
        await owner.Post("/invitations", new { email, roles = new[] { "viewer" } }).Refuses(409, "invitation.already_member");
    }

    [Fact]
    public async Task FX01_Who_has_an_account_is_signed_in_to_join()
    {
        var installation = await Installation.Get();
        var (owner, joining) = (await installation.NewOrganization(), await installation.NewOrganization());
        var token = (await owner.Invite(joining.Email.ToUpperInvariant(), "viewer")).Text("token");
        await installation.Client().Post("/v1/invitations/accept", Acceptance(token)).Refuses(401, "invitation.sign_in");

        var csrf = joining.Client.CsrfToken;
        joining.Client.CsrfToken = null;
        await joining.Client.Post("/v1/invitations/accept", new { token }).Refuses(403, "session.csrf");
        joining.Client.CsrfToken = csrf;
        var accepted = await joining.Client.Post("/v1/invitations/accept", new { token }).Success();
        Assert.Equal(System.Text.Json.JsonValueKind.Null, accepted.GetProperty("session").ValueKind);
        await joining.Client.Get($"/v1/orgs/{owner.Slug}").Success();
    }

    [Fact]
    public async Task Abuse11_An_invitation_is_not_accepted_by_another_address()
    {
        var installation = await Installation.Get();
        var (owner, other) = (await installation.NewOrganization(), await installation.NewOrganization());
        var token = (await owner.Invite(People.NewEmail(), "admin")).Text("token");
        await other.Client.Post("/v1/invitations/accept", Acceptance(token)).Refuses(403, "invitation.other_address");
        await other.Client.Post("/v1/invitations/accept", new { token, email = other.Email }).Refuses(400, "body.malformed");
        await other.Client.Get($"/v1/orgs/{owner.Slug}").Refuses(404, "organization.not_found");
    }

    [Fact]
    public async Task Revoked_replaced_and_expired_invitations_are_not_there()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var email = People.NewEmail();
        var replaced = await owner.Invite(email, "viewer");
        var revoked = await owner.Invite(email, "viewer");
        await owner.Delete($"/invitations/{revoked.Id()}").Success();
        await owner.Delete($"/invitations/{revoked.Id()}").Refuses(404, "invitation.not_found");
        var expired = await owner.Invite(email, "viewer");
        await installation.Change("update invitations set expires_at = clock_timestamp() where id = $1", expired.Id());
        foreach (var invitation in new[] { replaced, revoked, expired })
            await installation.Client().Post("/v1/invitations/accept", Acceptance(invitation.Text("token"))).Refuses(404, "invitation.not_found");
        Assert.Single(await installation.Audited(owner.Organization, "invitation.revoked"));
        var other = await installation.NewOrganization();
        var open = await owner.Invite(email, "viewer");
        await other.Delete($"/invitations/{open.Id()}").Refuses(404, "invitation.not_found");
    }

    [Fact]
    public async Task One_link_in_two_hands_lets_one_in()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var token = (await owner.Invite(People.NewEmail(), "viewer")).Text("token");
        var answers = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => installation.Client().Post("/v1/invitations/accept", Acceptance(token))));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.OK);
        Assert.Equal(2, (await owner.Get("/members").Success()).GetProperty("items").GetArrayLength());
    }
}
