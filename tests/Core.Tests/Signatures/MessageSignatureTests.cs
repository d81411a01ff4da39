using System.Security.Cryptography;
using System.Text;
using Fluxgate.Core.Cryptography;
using Fluxgate.Core.Signatures;

namespace Fluxgate.Core.Tests.Signatures;

/// <summary>The keys, message and results of RFC 9421, appendix B.</summary>
public sealed class MessageSignatureTests
{
    private static readonly byte[] SharedSecret = Convert.FromBase64String("uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==");
    private static readonly byte[] PublicKey = Convert.FromBase64String("JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=");

    private static string? TestRequest(string name) => name switch
    {
        "@method" => "POST",
        "@authority" => "example.com",
        "@path" => "/foo",
        "date" => "Tue, 20 Apr 2021 02:07:55 GMT",
        "content-type" => "application/json",
        "content-length" => "18",
        _ => null,
    };

    [Fact]
    public void FN01_Appendix_B_2_5_is_verified_by_hmac_sha256()
    {
        var signature = Assert.Single(MessageSignature.Read(
            """sig-b25=("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret" """.Trim(), "sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:")!);
        Assert.Equal(("test-shared-secret", 1618884473L, null), (signature.KeyId, signature.Created, signature.Tag));
        var message = signature.Base(TestRequest)!;
        Assert.Equal("\"date\": Tue, 20 Apr 2021 02:07:55 GMT\n\"@authority\": example.com\n\"content-type\": application/json\n\"@signature-params\": (\"date\" \"@authority\" \"content-type\");created=1618884473;keyid=\"test-shared-secret\"", Encoding.UTF8.GetString(message));
        Assert.Equal(signature.Value, HMACSHA256.HashData(SharedSecret, message));
    }

    [Fact]
    public void FN01_Appendix_B_2_6_is_verified_by_ed25519_and_no_altered_one_is()
    {
        var signature = Assert.Single(MessageSignature.Read(
            """sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519" """.Trim(),
            "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:")!);
        var message = signature.Base(TestRequest)!;
        Assert.True(Ed25519.Verify(PublicKey, message, signature.Value));
        for (var i = 0; i < message.Length; i++)
        {
            message[i] ^= 1;
            Assert.False(Ed25519.Verify(PublicKey, message, signature.Value));
            message[i] ^= 1;
        }
        Assert.False(Ed25519.Verify(PublicKey, message, signature.Value.AsSpan(1)));
        Assert.False(Ed25519.Verify(PublicKey.AsSpan(1), message, signature.Value));
        // The key of small order that verifies an all-zero message for careless implementations.
        Assert.False(Ed25519.Verify(new byte[32], message, new byte[64]));
    }

    [Fact]
    public async Task FN01_The_digest_of_the_appendix_fits_its_body_and_no_other()
    {
        const string field = "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:";
        var digests = ContentDigest.Read(field)!;
        Assert.True(await ContentDigest.Fits(digests, Stream("""{"hello": "world"}"""), default));
        Assert.False(await ContentDigest.Fits(digests, Stream("""{"hello": "World"}"""), default));
        // Each digest counts, not the best of them.
        var both = ContentDigest.Read($"sha-256=:{Convert.ToBase64String(new byte[32])}:, {field}")!;
        Assert.False(await ContentDigest.Fits(both, Stream("""{"hello": "world"}"""), default));
        Assert.Null(ContentDigest.Read("md5=:AAAA:"));
        Assert.Null(ContentDigest.Read("sha-256=abc"));
    }

    [Fact]
    public void Blanks_that_a_sender_writes_are_not_signed()
    {
        var signature = Assert.Single(MessageSignature.Read("""  s=( "@method"   "date" ); created=5;keyid="a\"b\\";x;y=?0;z=tok/en;b=:AQI=:  ,  other=("a");tag="t" """.TrimEnd(), "s=:AA==:")!);
        Assert.EndsWith("""("@method" "date");created=5;keyid="a\"b\\";x;y=?0;z=tok/en;b=:AQI=:""", Encoding.UTF8.GetString(signature.Base(TestRequest)!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sig1")]
    [InlineData("sig1=")]
    [InlineData("sig1=(\"a\"")]
    [InlineData("sig1=(\"a\"\"b\")")]
    [InlineData("sig1=(\"a)")]
    [InlineData("sig1=(\"\\a\")")]
    [InlineData("sig1=(\"a\"),")]
    [InlineData("sig1=(\"a\") x=(\"b\")")]
    [InlineData("SIG=(\"a\")")]
    [InlineData("sig1=(\"a\");created=1.5")]
    [InlineData("sig1=(\"a\");created=9999999999999999")]
    [InlineData("sig1=(\"a\");created=--1")]
    [InlineData("sig1=(\"ü\")")]
    [InlineData("sig1=(:A A=:)")]
    [InlineData("sig1=(:AAAA)")]
    [InlineData("sig1=(?2)")]
    [InlineData("sig1=(\"a\");=1")]
    [InlineData("sig1=1")]
    [InlineData("sig1=\"a\"")]
    public void Text_that_is_no_signature_input_is_told_from_one(string input) => Assert.Null(MessageSignature.Read(input, "sig1=:AAAA:"));

    [Fact]
    public void A_signature_without_its_value_or_with_parameters_on_a_component_is_none_of_ours()
    {
        Assert.Empty(MessageSignature.Read("sig1=(\"a\")", "")!);
        Assert.Empty(MessageSignature.Read("sig1=(\"a\")", "sig2=:AAAA:")!);
        Assert.Empty(MessageSignature.Read("sig1=(\"a\";req)", "sig1=:AAAA:")!);
        Assert.Empty(MessageSignature.Read("sig1=(a)", "sig1=:AAAA:")!);
        Assert.Null(MessageSignature.Read(string.Join(',', Enumerable.Range(0, 33).Select(i => $"s{i}=()")), ""));
    }

    [Fact]
    public void A_component_that_is_not_there_or_spans_lines_gives_nothing_to_sign()
    {
        var signature = Assert.Single(MessageSignature.Read("s=(\"gone\")", "s=:AA==:")!);
        Assert.Null(signature.Base(TestRequest));
        Assert.Null(signature.Base(_ => "a\n\"@method\": GET"));
    }

    private static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));
}
