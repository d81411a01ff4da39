using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Fluxgate.Server.Tests.Hooks;

/// <summary>Signs as a sender's program would, by the documentation alone.</summary>
internal static class SignedRequest
{
    public const string HeaderName = "Fluxgate-Signature";

    public static (string Name, string Value) Header(string secret, string id, byte[] body, TimeSpan? ago = null) => (HeaderName, Value(secret, id, body, ago));

    public static string Value(string secret, string id, byte[] body, TimeSpan? ago = null)
    {
        var time = (TimeProvider.System.GetUtcNow() - (ago ?? TimeSpan.Zero)).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.UTF8.GetBytes($"{time}.{id}."), .. body]);
        return $"t={time},id={id},v1={Convert.ToHexStringLower(signature)}";
    }

    public static ByteArrayContent Json(byte[] body) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
}
