using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Workflows;

public sealed class NodeTypeTests
{
    [Fact]
    public async Task FX14_Every_type_says_its_ports_and_the_schema_of_its_settings()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var types = (await owner.Get("/node-types").Success()).GetProperty("items").EnumerateArray().ToDictionary(t => $"{t.Text("kind")} {t.Text("name")}");
        Assert.Contains("trigger webhook", types);
        var choice = types["node switch"];
        Assert.Equal(("cases", "default"), (choice.Text("ports_from"), Assert.Single(choice.GetProperty("ports").EnumerateArray()).GetString()));
        Assert.Equal("where", Assert.Single(types["node filter"].GetProperty("per_item").EnumerateArray()).GetString());

        var http = types["node http"].GetProperty("settings");
        Assert.Equal(["connector", "endpoint"], http.GetProperty("required").EnumerateArray().Select(r => r.GetString()!));
        Assert.False(http.GetProperty("additionalProperties").GetBoolean());
        // A name that is looked up before a run takes no expression, a status does.
        Assert.Equal(@"\{\{", http.GetProperty("properties").GetProperty("connector").GetProperty("not").Text("pattern"));
        var status = types["node respond"].GetProperty("settings").GetProperty("properties").GetProperty("status").GetProperty("anyOf");
        Assert.Equal((200, 599, @"\{\{"), (status[0].GetProperty("minimum").GetInt32(), status[0].GetProperty("maximum").GetInt32(), status[1].Text("pattern")));
        var auth = types["trigger webhook"].GetProperty("settings").GetProperty("properties").GetProperty("auth");
        Assert.Equal("object", auth.Text("type"));
        Assert.All(types.Values, type => Assert.NotEqual("", type.Text("description")));

        var reviewer = await owner.NewMember(installation, "reviewer");
        await reviewer.Get("/node-types").Refuses(403, "permission.missing");
    }
}
