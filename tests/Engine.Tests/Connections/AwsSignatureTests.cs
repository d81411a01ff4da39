using System.Text;
using Fluxgate.Engine.Connections;
using Fluxgate.Engine.Connections.Authentication;

namespace Fluxgate.Engine.Tests.Connections;

/// <summary>FK03: AWS Signature Version 4, against requests and signatures of the test suite that AWS publishes.</summary>
public sealed class AwsSignatureTests
{
    private static readonly AwsSecret Suite = new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null, "us-east-1", "service");
    private static readonly DateTimeOffset Suites = new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);

    private static string Authorization(AwsSecret secret, string method, string address, DateTimeOffset now, string? body = null, params (string, string)[] headers) =>
        AwsSignature.Sign(secret, method, new Uri(address), headers, body is null ? null : Encoding.UTF8.GetBytes(body), now).Single(h => h.Name == "Authorization").Value;

    [Theory]
    [InlineData("GET", "https://example.amazonaws.com/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("GET", "https://example.amazonaws.com/?Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    [InlineData("POST", "https://example.amazonaws.com/", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    public void FK03_The_suites_requests_get_the_suites_signatures(string method, string address, string signature) => Assert.Equal(
        $"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature={signature}",
        Authorization(Suite, method, address, Suites));

    [Fact]
    public void FK03_A_session_token_is_sent_and_signed()
    {
        var secret = Suite with { SessionToken = "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267" };
        Assert.EndsWith(
            "SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8",
            Authorization(secret, "GET", "https://example.amazonaws.com/", Suites), StringComparison.Ordinal);
        Assert.Contains(("X-Amz-Security-Token", secret.SessionToken), AwsSignature.Sign(secret, "GET", new Uri("https://example.amazonaws.com/"), [], null, Suites));
    }

    [Fact]
    public void FK03_A_form_is_signed_with_its_content_type() => Assert.EndsWith(
        "SignedHeaders=content-type;host;x-amz-date, Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
        Authorization(Suite, "POST", "https://example.amazonaws.com/", Suites, "Param1=value1", ("Content-Type", "application/x-www-form-urlencoded")), StringComparison.Ordinal);

    [Fact]
    public void The_body_the_time_the_region_and_the_key_are_all_in_the_signature()
    {
        const string Address = "https://example.amazonaws.com/a%20b?x=%2F";
        string[] signatures =
        [
            Authorization(Suite, "POST", Address, Suites, "1"), Authorization(Suite, "POST", Address, Suites, "2"), Authorization(Suite, "POST", Address, Suites.AddSeconds(1), "1"),
            Authorization(Suite with { Region = "eu-central-1" }, "POST", Address, Suites, "1"), Authorization(Suite with { SecretAccessKey = "x" }, "POST", Address, Suites, "1"),
            Authorization(Suite, "POST", "https://example.amazonaws.com/a%2520b?x=%2F", Suites, "1"),
        ];
        Assert.Equal(signatures.Length, signatures.Distinct().Count());
    }

    [Fact]
    public void S3_is_told_the_hash_of_the_body() => Assert.Contains(
        ("X-Amz-Content-Sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        AwsSignature.Sign(Suite with { Service = "s3" }, "GET", new Uri("https://example.amazonaws.com/key"), [], null, Suites));
}
