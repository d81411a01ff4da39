using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Access;

/// <summary>Steps of tests about who reaches what.</summary>
internal static class AccessSteps
{
    public static object Grant(TestMember member, params string[] rights) => new { subject = new { kind = "member", id = member.UserId }, rights };

    public static object GroupGrant(Guid group, params string[] rights) => new { subject = new { kind = "group", id = group }, rights };

    public static object KeyGrant(JsonElement key, params string[] rights) => new { subject = new { kind = "api_key", id = key.Id() }, rights };

    /// <summary>Sets who reaches <paramref name="resource"/>, a path such as <c>/workflows/…</c>.</summary>
    public static async Task<JsonElement> SetAccess(this TestMember member, string resource, string mode, params object[] grants)
    {
        var now = await member.Get($"{resource}/access");
        return await member.Put($"{resource}/access", new { mode, grants }, ("If-Match", now.Headers.ETag!.ToString())).Success();
    }

    public static async Task<string[]> Names(this TestMember member, string collection) =>
        [.. (await member.Get(collection).Success()).GetProperty("items").EnumerateArray().Select(w => w.Text("name"))];

    public static async Task<Guid> NewGroup(this TestMember owner, string name, params TestMember[] members)
    {
        var group = (await owner.Post("/groups", new { name }).Success()).Id();
        await owner.Put($"/groups/{group}/members", new { user_ids = members.Select(m => m.UserId) }).Success();
        return group;
    }

    public static async Task<string> NewFolder(this TestMember owner, string name) => (await owner.Post("/folders", new { name }).Success()).Text("id");

    public static string Document(string name) => $"format: 1\nname: {name}\ntrigger: {{ type: api }}\nnodes:\n  - {{ id: a, type: transform, settings: {{ output: 1 }} }}\n";
}
