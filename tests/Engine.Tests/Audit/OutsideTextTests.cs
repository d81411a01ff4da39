using System.Text;
using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;

namespace Fluxgate.Engine.Tests.Audit;

public sealed class OutsideTextTests
{
    /// <summary>Not a theory: attributes cannot carry halves of pairs.</summary>
    [Fact]
    public void What_cannot_be_stored_is_written_out()
    {
        Assert.Equal("plain 😀 text", OutsideText.Escape("plain 😀 text"));
        Assert.Equal("a\\u0000b", OutsideText.Escape("a\0b"));
        Assert.Equal("\\ud83d", OutsideText.Escape("\ud83d"));
        Assert.Equal("\\ude00\\ud83d", OutsideText.Escape("\ude00\ud83d"));
        Assert.Equal("\\ud83d😀", OutsideText.Escape("\ud83d\ud83d\ude00"));
    }

    /// <summary>A stranger's body as it was parsed: halves of pairs hide behind escapes, in values, in names, at any depth.</summary>
    [Theory]
    [InlineData("""{"a":"\ud800"}""", """{"a":"\\ud800"}""")]
    [InlineData("""{"a":["\u0000"]}""", """{"a":["\\u0000"]}""")]
    [InlineData("""{"\ud800":1}""", "\"an object with a name that is no text\"")]
    [InlineData("""{"c":1,"a":[{"\udc00x":{"b":"x"}}]}""", """{"a":["an object with a name that is no text"],"c":1}""")]
    [InlineData("""{"a":{"b":1,"b":2}}""", """{"a":"{\"b\":1,\"b\":2}"}""")]
    public void An_event_with_a_strangers_broken_JSON_is_recorded(string json, string recorded)
    {
        using var signal = new AuditSignal();
        var details = (JsonObject)JsonNode.Parse(json)!;
        var entry = new AuditEntry("test.happened", "create", Actor.System("test"), new AuditResource("test", null, null)) { Details = details };
        var row = new AuditLog(TimeProvider.System, signal).Prepare(new OrganizationId(Guid.CreateVersion7()), entry);
        Assert.Contains($"\"details\":{recorded},", Encoding.UTF8.GetString(row.Content));
    }
}
