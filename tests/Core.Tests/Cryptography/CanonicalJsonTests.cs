using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fluxgate.Core.Cryptography;

namespace Fluxgate.Core.Tests.Cryptography;

public sealed class CanonicalJsonTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Data/jcs/input")).Select(f => Path.GetFileName(f))];

    [Theory]
    [MemberData(nameof(Files))]
    public void The_published_vectors_come_out_byte_by_byte(string file)
    {
        var input = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data/jcs/input", file));
        var expected = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data/jcs/output", file));
        using var document = JsonDocument.Parse(input);
        Assert.Equal(expected, Encoding.UTF8.GetString(CanonicalJson.From(document.RootElement)));
        Assert.Equal(expected, Encoding.UTF8.GetString(CanonicalJson.From(JsonNode.Parse(input))));
    }

    /// <summary>RFC 8785, appendix B: the bits of a number and its text.</summary>
    [Theory]
    [InlineData("0000000000000000", "0")]
    [InlineData("8000000000000000", "0")]
    [InlineData("0000000000000001", "5e-324")]
    [InlineData("8000000000000001", "-5e-324")]
    [InlineData("7fefffffffffffff", "1.7976931348623157e+308")]
    [InlineData("ffefffffffffffff", "-1.7976931348623157e+308")]
    [InlineData("4340000000000000", "9007199254740992")]
    [InlineData("c340000000000000", "-9007199254740992")]
    [InlineData("4430000000000000", "295147905179352830000")]
    [InlineData("44b52d02c7e14af5", "9.999999999999997e+22")]
    [InlineData("44b52d02c7e14af6", "1e+23")]
    [InlineData("44b52d02c7e14af7", "1.0000000000000001e+23")]
    [InlineData("444b1ae4d6e2ef4e", "999999999999999700000")]
    [InlineData("444b1ae4d6e2ef4f", "999999999999999900000")]
    [InlineData("444b1ae4d6e2ef50", "1e+21")]
    [InlineData("3eb0c6f7a0b5ed8c", "9.999999999999997e-7")]
    [InlineData("3eb0c6f7a0b5ed8d", "0.000001")]
    [InlineData("41b3de4355555553", "333333333.3333332")]
    [InlineData("41b3de4355555554", "333333333.33333325")]
    [InlineData("41b3de4355555555", "333333333.3333333")]
    [InlineData("41b3de4355555556", "333333333.3333334")]
    [InlineData("41b3de4355555557", "333333333.33333343")]
    [InlineData("becbf647612f3696", "-0.0000033333333333333333")]
    [InlineData("43143ff3c1cb0959", "1424953923781206.2")]
    public void A_number_is_written_as_ECMAScript_writes_it(string bits, string text)
    {
        var number = BitConverter.Int64BitsToDouble(long.Parse(bits, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        Assert.Equal(text, Encoding.UTF8.GetString(CanonicalJson.From(JsonValue.Create(number))));
    }

    [Theory]
    [InlineData("1e400")]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\udc00\\ud800\"")]
    [InlineData("{\"\\udead\":1}")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{\"a\":1,\"\\u0061\":2}")]
    public void What_two_readers_could_take_differently_is_refused(string json)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Throws<FormatException>(() => CanonicalJson.From(document.RootElement));
    }

    [Fact]
    public void Values_of_the_runtime_that_are_no_JSON_are_refused()
    {
        Assert.Throws<FormatException>(() => CanonicalJson.From(JsonValue.Create(double.NaN)));
        Assert.Throws<FormatException>(() => CanonicalJson.From(JsonValue.Create(double.PositiveInfinity)));
        Assert.Throws<FormatException>(() => CanonicalJson.From(JsonValue.Create(float.NaN)));
        Assert.Throws<FormatException>(() => CanonicalJson.From(new JsonObject { ["name"] = "\ud800" }));
        Assert.Throws<FormatException>(() => CanonicalJson.From(new JsonObject { ["\udc00"] = 1 }));
    }

    [Fact]
    public void Numbers_ids_and_times_of_the_runtime_are_written_as_JSON()
    {
        var id = new Guid("0192f0c1-0000-7000-8000-000000000001");
        var json = new JsonObject { ["z"] = 7, ["long"] = 9_000_000_000L, ["m"] = 1.50m, ["id"] = id, ["on"] = true, ["none"] = null };
        Assert.Equal(
            """{"id":"0192f0c1-0000-7000-8000-000000000001","long":9000000000,"m":1.5,"none":null,"on":true,"z":7}""",
            Encoding.UTF8.GetString(CanonicalJson.From(json)));
    }
}
