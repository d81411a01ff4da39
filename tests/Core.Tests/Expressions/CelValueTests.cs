using System.Text;
using System.Text.Json;
using Fluxgate.Core.Expressions;

namespace Fluxgate.Core.Tests.Expressions;

public sealed class CelValueTests
{
    [Theory]
    [InlineData("1", CelKind.Int)]
    [InlineData("-9223372036854775808", CelKind.Int)]
    [InlineData("9223372036854775808", CelKind.Double)]
    [InlineData("1.0", CelKind.Double)]
    [InlineData("1e3", CelKind.Double)]
    [InlineData("\"a\"", CelKind.String)]
    [InlineData("null", CelKind.Null)]
    [InlineData("[1]", CelKind.List)]
    [InlineData("{}", CelKind.Map)]
    public void Json_is_read_into_the_kind_it_is_written_as(string json, CelKind kind)
    {
        Assert.Equal(kind, CelValue.FromJson(Encoding.UTF8.GetBytes(json)).Kind);
        using var document = JsonDocument.Parse(json);
        Assert.Equal(kind, CelValue.FromJson(document.RootElement).Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{\"a\":1,\"\\u0061\":2}")]
    [InlineData("[{\"b\":{\"a\":1,\"a\":1}}]")]
    [InlineData("\"\\u0000\"")]
    [InlineData("{\"\\u0000\":1}")]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"\\udc00\":1}")]
    [InlineData("1e400")]
    [InlineData("01")]
    [InlineData("NaN")]
    [InlineData("[1,]")]
    [InlineData("1 2")]
    [InlineData("// note\n1")]
    [InlineData("'a'")]
    public void Json_that_two_readers_could_take_differently_is_refused(string json) =>
        Assert.ThrowsAny<JsonException>(() => CelValue.FromJson(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("\"\\u0000\"")]
    [InlineData("{\"x\\u0000\":1}")]
    [InlineData("\"\\ud800\"")]
    [InlineData("1e400")]
    public void An_element_is_read_as_strictly_as_text(string json)
    {
        using var document = JsonDocument.Parse(json);
        Assert.ThrowsAny<JsonException>(() => CelValue.FromJson(document.RootElement));
    }

    [Fact]
    public void A_duplicate_among_many_members_is_found()
    {
        var members = string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"m{i}\":1"));
        Assert.ThrowsAny<JsonException>(() => CelValue.FromJson(Encoding.UTF8.GetBytes($"{{{members},\"m50\":2}}")));
        Assert.True(CelValue.FromJson(Encoding.UTF8.GetBytes($"{{{members}}}")).TryGetMember("m99", out _));
    }

    [Fact]
    public void Invalid_utf8_is_refused() => Assert.ThrowsAny<JsonException>(() => CelValue.FromJson([(byte)'"', 0xFF, (byte)'"']));

    [Fact]
    public void Json_nests_to_sixty_four_levels_and_no_further()
    {
        static string Nested(int levels) => new string('[', levels) + new string(']', levels);
        var options = new JsonDocumentOptions { MaxDepth = 1_000 };
        using var deepest = JsonDocument.Parse(Nested(64), options);
        using var deeper = JsonDocument.Parse(Nested(65), options);

        Assert.Equal(CelValue.FromJson(Encoding.UTF8.GetBytes(Nested(64))), CelValue.FromJson(deepest.RootElement));
        Assert.ThrowsAny<JsonException>(() => CelValue.FromJson(Encoding.UTF8.GetBytes(Nested(65))));
        Assert.ThrowsAny<JsonException>(() => CelValue.FromJson(deeper.RootElement));
    }

    [Theory]
    [InlineData("""{"a":[1,2.5,-0.0,1E+21,5.0,true,null,"x"]}""")]
    [InlineData("[9223372036854775807,1.7976931348623157E+308,5E-324]")]
    public void Json_is_written_so_that_every_kind_is_read_back(string json) =>
        Assert.Equal(json, Encoding.UTF8.GetString(CelValue.FromJson(Encoding.UTF8.GetBytes(json)).ToJson()));

    [Fact]
    public void Kinds_that_json_lacks_are_written_as_text()
    {
        var value = CelValue.List(
            CelValue.From("hi"u8), CelValue.From(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 600, TimeSpan.FromHours(1))), CelValue.From(TimeSpan.FromMilliseconds(-1500)),
            CelValue.From(double.NaN), CelValue.From(double.NegativeInfinity), CelValue.NoValue, CelValue.Some(CelValue.From(1UL)), CelValue.FromTypeName("int"),
            CelValue.Map((KeyValuePair<CelValue, CelValue>[])[new(CelValue.From(1L), CelValue.True), new(CelValue.From("1"), CelValue.False), new(CelValue.True, CelValue.Null)]));
        Assert.Equal("""["aGk=","2026-01-02T02:04:05.6Z","-1.5s","NaN","-Infinity",null,1,"int",{"1":true,"true":null}]""", Encoding.UTF8.GetString(value.ToJson()));
    }

    [Fact]
    public void Numbers_are_equal_by_value_and_hash_alike()
    {
        CelValue[] ones = [CelValue.From(1L), CelValue.From(1UL), CelValue.From(1.0)];
        Assert.All(ones, left => Assert.All(ones, right => Assert.True(left == right && left.GetHashCode() == right.GetHashCode())));
        Assert.NotEqual(CelValue.From(double.NaN), CelValue.From(double.NaN));
        Assert.NotEqual(CelValue.From(1L), CelValue.True);
        Assert.NotEqual(CelValue.From(-1L), CelValue.From(ulong.MaxValue));
    }

    [Fact]
    public void A_map_of_many_keys_finds_each_by_any_number_that_equals_it()
    {
        var map = CelValue.Map(Enumerable.Range(0, 50).Select(i => KeyValuePair.Create(CelValue.From((long)i), CelValue.From($"v{i}"))));
        var scope = new DictionaryScope(new Dictionary<string, CelValue> { ["map"] = map });
        Assert.Equal(CelValue.True, CelProgram.Compile("map[7] == 'v7' && map[7u] == 'v7' && map[7.0] == 'v7' && !(50 in map) && !('7' in map) && !(null in map)").Value.Evaluate(scope).Value);
    }

    [Fact]
    public void Times_keep_their_nanoseconds_and_come_back_as_dotnet_times()
    {
        var time = CelValue.FromUnixTime(-1, 999_999_999);
        Assert.Equal((-1L, 999_999_999), time.TimestampParts);
        Assert.Equal("\"1969-12-31T23:59:59.999999999Z\"", time.ToString());
        var moment = new DateTimeOffset(1965, 3, 4, 5, 6, 7, 89, TimeSpan.Zero);
        Assert.Equal(moment, CelValue.From(moment).AsTimestamp);
        Assert.Equal(TimeSpan.FromDays(-3.5), CelValue.From(TimeSpan.FromDays(-3.5)).AsDuration);
        Assert.Throws<ArgumentException>(() => CelValue.FromUnixTime(253_402_300_800, 0));
    }
}
