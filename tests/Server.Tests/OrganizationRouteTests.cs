using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests;

/// <summary>Generated from the OpenAPI document, so that a new route is in it without anybody thinking of it.</summary>
public sealed class OrganizationRouteTests
{
    [Fact]
    public async Task Abuse01_Every_organization_route_is_closed_to_strangers_and_shows_no_resource_of_another_organization()
    {
        var installation = await Installation.Get();
        var (mine, other) = (await installation.NewOrganization(), await installation.NewOrganization());
        var theirs = await OrganizationRoutes.ResourcesOf(other);
        var key = installation.KeyClient(await mine.NewKey([.. Security.Permissions.All.Select(p => p.Name)]));
        var operations = await OrganizationRoutes.Operations(installation);
        Assert.True(operations.Count > 50, $"Only {operations.Count} operations were found.");
        var faults = new List<string>();
        var withResource = 0;
        foreach (var (method, path) in operations)
        {
            var rest = OrganizationRoutes.Fill(path, theirs)["/v1".Length..];
            async Task Expect(string who, Task<HttpResponseMessage> request, params int[] expected)
            {
                var answer = await request;
                if (!expected.Contains((int)answer.StatusCode))
                    faults.Add($"{who} {method} {path}: {(int)answer.StatusCode}");
                var text = await answer.Content.ReadAsStringAsync();
                foreach (var secret in (string[])[other.Email, "theirs-and-nobody-elses"])
                    if (text.Contains(secret, StringComparison.Ordinal))
                        faults.Add($"{who} {method} {path} shows {secret}");
            }

            Task<HttpResponseMessage> Send(TestClient client, string target) => client.Send(method, target, OrganizationRoutes.Body(method, path, other), ("If-Match", "\"1\""), ("Idempotency-Key", "k"));

            await Expect("anonymous", Send(installation.Client(), path.Contains('{') ? "/v1" + rest : path), 401);
            await Expect("anonymous in the organization", Send(installation.Client(), $"/v1/orgs/{other.Slug}{rest}"), 401);
            foreach (var organization in (string[])[other.Slug, other.Organization.ToString()])
            {
                await Expect("a member of another organization", Send(mine.Client, $"/v1/orgs/{organization}{rest}"), 404);
                await Expect("a key of another organization", Send(key, $"/v1/orgs/{organization}{rest}"), 403);
            }
            if (!path.Contains('{') )
                continue;
            withResource++;
            await Expect("a member with another's resource", Send(mine.Client, $"/v1/orgs/{mine.Slug}{rest}"), 404);
            await Expect("a key with another's resource", Send(key, "/v1" + rest), 404);
        }
        Assert.Empty(faults);
        Assert.True(withResource > 25, $"Only {withResource} operations name a resource.");

        // Nothing of the other organization has changed.
        foreach (var (collection, id) in theirs.Where(r => r.Key is not ("audit-events" or "watermarks" or "invitations" or "kv")))
            Assert.Contains((await other.Get($"/{collection}?limit=200").Success()).GetProperty("items").EnumerateArray(), r => Id(r) == id);
        Assert.Equal(theirs["kv"], (await other.Get($"/kv/workflow:{theirs["workflows"]}/{theirs["kv"]}").Success()).Text("value"));
        Assert.Equal("waiting", (await other.Get($"/runs/{theirs["runs"]}").Success()).Text("status"));
    }

    private static string? Id(JsonElement item) => item.TryGetProperty("id", out var id) ? id.GetString() : item.TryGetProperty("user_id", out var user) ? user.GetString() : item.Text("name");
}
