using System.Text;
using System.Text.Json.Nodes;
using Fluxgate.Core.Cryptography;

namespace Fluxgate.Core.Tests.Cryptography;

public sealed class CanonicalWriterTests
{
    private static readonly Guid Id = new("0192f0c1-0000-7000-8000-000000000001");

    [Fact]
    public void What_is_written_by_member_is_the_bytes_of_the_same_tree()
    {
        var tree = new JsonObject
        {
            ["none"] = null,
            ["list"] = new JsonArray(new JsonObject { ["a"] = -1, ["id"] = Id }, new JsonObject(), "quote \" and \u0001 and é"),
            ["Z"] = 9_000_000_000L,
            ["yes"] = true,
            ["nested"] = new JsonObject { ["é"] = 1L << 53 },
        };
        var writer = new CanonicalWriter();
        writer.BeginObject();
        writer.Name("Z");
        writer.Number(9_000_000_000L);
        writer.Name("list");
        writer.BeginArray();
        writer.BeginObject();
        writer.Name("a");
        writer.Number(-1);
        writer.Name("id");
        writer.Text(Id);
        writer.EndObject();
        writer.BeginObject();
        writer.EndObject();
        writer.Text("quote \" and \u0001 and é");
        writer.EndArray();
        writer.Name("nested");
        writer.Written("""{"é":9007199254740992}"""u8);
        writer.Name("none");
        writer.Null();
        writer.Name("yes");
        writer.True();
        writer.EndObject();
        Assert.Equal(Encoding.UTF8.GetString(CanonicalJson.From(tree)), Encoding.UTF8.GetString(writer.ToArray()));
    }

    [Theory]
    [InlineData("b", "a")]
    [InlineData("a", "a")]
    public void Members_out_of_order_are_refused(string first, string second)
    {
        var writer = new CanonicalWriter();
        writer.BeginObject();
        writer.Name(first);
        writer.Null();
        Assert.Throws<InvalidOperationException>(() => writer.Name(second));
    }

    [Fact]
    public void Half_a_pair_is_refused()
    {
        var writer = new CanonicalWriter();
        Assert.Throws<FormatException>(() => writer.Text("\ud800"));
    }
}
