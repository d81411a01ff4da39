using System.Text.RegularExpressions;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;
using Fluxgate.Testing;
using static Fluxgate.Server.Tests.Access.AccessSteps;

namespace Fluxgate.Server.Tests.Access;

/// <summary>Everybody who should not get in, and the resources that they ask for.</summary>
internal sealed partial class Strangers
{
    public required TestInstallation Installation { get; init; }

    public required TestMember Owner { get; init; }

    public required TestMember Other { get; init; }

    public required TestMember Nobody { get; init; }

    public required TestMember Reviewer { get; init; }

    public required TestMember Unnamed { get; init; }

    public required string ExpiredKey { get; init; }

    public required Dictionary<string, string> Resources { get; init; }

    private readonly Dictionary<string, string> keys = [];

    [GeneratedRegex(@":[a-z]+\}")]
    private static partial Regex Constraint();

    public static async Task<Strangers> Gather(TestInstallation installation)
    {
        var (owner, other) = (await installation.NewOrganization(), await installation.NewOrganization());
        await owner.Post("/roles", new { name = "everything_shared", permissions = Permissions.All.Where(p => p != Permissions.ResourcesAll).Select(p => p.Name) }).Success();
        var resources = await OrganizationRoutes.ResourcesOf(owner);
        foreach (var collection in (string[])["workflows", "folders", "connectors", "credentials"])
            await owner.SetAccess($"/{collection}/{resources[collection]}", "selected");
        var expired = await owner.NewKey([.. Permissions.All.Select(p => p.Name)]);
        await installation.Change("update api_keys set expires_at = clock_timestamp() where id = $1", expired.Id());
        return new Strangers
        {
            Installation = installation,
            Owner = owner,
            Other = other,
            Nobody = await owner.NewMember(installation, "none"),
            Reviewer = await owner.NewMember(installation, "reviewer"),
            Unnamed = await owner.NewMember(installation, "everything_shared"),
            ExpiredKey = expired.Text("key"),
            Resources = resources,
        };
    }

    /// <summary>What each of them hears, in the order of the matrix; a dash where the question makes no sense.</summary>
    public async Task<string[]> Ask(HttpMethod method, string route, EndpointAccess access, ResourceAccess? resource)
    {
        var path = Constraint().Replace(route, "}").TrimEnd('/');
        var named = path.Contains('{', StringComparison.Ordinal);
        if (access.Permission is not { } permission)
        {
            var own = named ? path.Replace("{id}", Guid.Empty.ToString(), StringComparison.Ordinal) : path;
            return [await Heard(Installation.Client(), method, own, path), await Heard(Key(ExpiredKey), method, own, path), await Heard(Key(await Scoped(Permissions.KvRead)), method, own, path), "–", "–", "–", "–"];
        }
        var filled = OrganizationRoutes.Fill(path, Resources);
        var ofOrganization = $"/v1/orgs/{Owner.Slug}{filled["/v1".Length..]}";
        return
        [
            await Heard(Installation.Client(), method, filled, path),
            await Heard(Key(ExpiredKey), method, filled, path),
            await Heard(Key(await Scoped(permission == Permissions.OrganizationWrite ? Permissions.KvRead : Permissions.OrganizationWrite)), method, filled, path),
            await Heard(Nobody.Client, method, ofOrganization, path),
            await Heard(Reviewer.Client, method, ofOrganization, path),
            named ? await Heard(Other.Client, method, $"/v1/orgs/{Other.Slug}{filled["/v1".Length..]}", path) : "–",
            resource is null ? "–" : await Heard(Unnamed.Client, method, ofOrganization, path),
        ];
    }

    private TestClient Key(string key)
    {
        var client = Installation.Client();
        client.ApiKey = key;
        return client;
    }

    private async Task<string> Scoped(Permission scope) =>
        keys.TryGetValue(scope.Name, out var key) ? key : keys[scope.Name] = (await Owner.NewKey(scope.Name)).Text("key");

    private async Task<string> Heard(TestClient client, HttpMethod method, string target, string path)
    {
        using var answer = await client.Send(method, target, OrganizationRoutes.Body(method, path, Other), ("If-Match", "\"1\""), ("Idempotency-Key", "stranger"));
        return answer.IsSuccessStatusCode ? $"{(int)answer.StatusCode}" : $"{(int)answer.StatusCode} {await answer.Code()}";
    }
}
