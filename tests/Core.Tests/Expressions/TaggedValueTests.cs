using System.Text.Json;
using Fluxgate.Cli;

namespace Fluxgate.Core.Tests.Expressions;

public sealed class TaggedValueTests
{
    [Theory]
    [InlineData("""{"map":[[{"string":"a"},{"list":[{"null":null},{"bool":true},{"uint":"18446744073709551615"},{"double":"-0"}]}]]}""")]
    [InlineData("""{"list":[{"bytes":"00ff"},{"timestamp":[-5,6]},{"duration":[-1,-500000000]},{"type":"google.protobuf.Timestamp"}]}""")]
    [InlineData("""{"list":[{"optional":{"int":"1"}},{"optional":null}]}""")]
    public void Every_tag_is_written_as_it_was_read(string json)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Equal(json, TaggedValue.Write(TaggedValue.Read(document.RootElement)).ToJsonString());
    }

    [Theory]
    [InlineData("1")]
    [InlineData("{}")]
    [InlineData("""{"int":"1","uint":"1"}""")]
    [InlineData("""{"int":"x"}""")]
    [InlineData("""{"int":null}""")]
    [InlineData("""{"double":null}""")]
    [InlineData("""{"string":null}""")]
    [InlineData("""{"string":1}""")]
    [InlineData("""{"uint":"-1"}""")]
    [InlineData("""{"bytes":"0"}""")]
    [InlineData("""{"timestamp":[1]}""")]
    [InlineData("""{"duration":[9223372036854775807,0]}""")]
    [InlineData("""{"type":"nothing"}""")]
    [InlineData("""{"map":[[{"int":"1"},{"int":"1"}],[{"uint":"1"},{"int":"2"}]]}""")]
    [InlineData("""{"list":{}}""")]
    [InlineData("""{"other":1}""")]
    public void What_is_no_tagged_value_is_refused(string json)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Throws<JsonException>(() => TaggedValue.Read(document.RootElement));
    }
}
