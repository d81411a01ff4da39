using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Fluxgate.Data.Vault;

namespace Fluxgate.Server.Security.RequestLog;

/// <summary>A watermark as somebody shows it: which request it speaks of, and the proof, which is checked against that request.</summary>
internal sealed record ShownWatermark(int KeyVersion, Guid Request, byte[] Tag);

/// <summary>
/// The mark of an answer: <c>fgw_</c> and in Base64url the version of the installation's watermark key, the request's id and
/// 12 bytes of HMAC-SHA-256 over organization, credential, request, method and path. Who finds an answer where it should
/// not be can ask whose it was; nobody without the key can make one that points at another.
/// </summary>
internal sealed class Watermark(KeyVault vault)
{
    public const string Header = "Fluxgate-Watermark";
    private const string Marker = "fgw_";
    private const int TagBytes = 12;
    private const int Bytes = 1 + 16 + TagBytes;

    public async ValueTask<string> Of(RequestIdentity identity, LoggedRequest request, CancellationToken cancel)
    {
        var (version, key) = await vault.InstallationSecret(InstallationSecret.WatermarkKey, cancel);
        var bytes = new byte[Bytes];
        bytes[0] = checked((byte)version);
        request.Id.TryWriteBytes(bytes.AsSpan(1), bigEndian: true, out _);
        Tag(key, identity, request).CopyTo(bytes.AsSpan(1 + 16));
        return Marker + Base64Url.EncodeToString(bytes);
    }

    public static bool TryRead(string text, [NotNullWhen(true)] out ShownWatermark? shown)
    {
        shown = null;
        var bytes = new byte[Bytes];
        if (!text.StartsWith(Marker, StringComparison.Ordinal) || text.Length != Marker.Length + Base64Url.GetEncodedLength(Bytes)
            || !Base64Url.IsValid(text.AsSpan(Marker.Length)) || !Base64Url.TryDecodeFromChars(text.AsSpan(Marker.Length), bytes, out var length) || length != Bytes)
            return false;
        shown = new ShownWatermark(bytes[0], new Guid(bytes.AsSpan(1, 16), bigEndian: true), bytes[(1 + 16)..]);
        return true;
    }

    /// <summary>Whether it was made here for just this request of just this caller.</summary>
    public async ValueTask<bool> IsOf(ShownWatermark shown, RequestIdentity identity, LoggedRequest request, CancellationToken cancel) =>
        await vault.InstallationSecret(InstallationSecret.WatermarkKey, shown.KeyVersion, cancel) is { } key
        && CryptographicOperations.FixedTimeEquals(Tag(key, identity, request), shown.Tag);

    /// <summary>All parts before the method have a fixed length and the hash after it has one, so no two requests give the same bytes.</summary>
    private static byte[] Tag(byte[] key, RequestIdentity identity, LoggedRequest request) => HMACSHA256.HashData(
        key,
        (byte[])[.. identity.Organization.Value.ToByteArray(), .. identity.Credential.ToByteArray(), .. request.Id.ToByteArray(), .. Encoding.UTF8.GetBytes(request.Method), .. request.PathHash])[..TagBytes];
}
