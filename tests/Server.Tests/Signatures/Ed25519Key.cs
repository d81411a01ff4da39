using System.Runtime.InteropServices;

namespace Fluxgate.Server.Tests.Signatures;

/// <summary>A signer of Ed25519 that has nothing to do with the product's verifier but the library below both.</summary>
internal static partial class Ed25519Key
{
    private const string Library = "libsodium.so.23";

    public static unsafe (byte[] PublicKey, Func<byte[], byte[]> Sign) New()
    {
        var (publicKey, secretKey) = (new byte[32], new byte[64]);
        fixed (byte* p = publicKey, s = secretKey)
            Assert.Equal(0, crypto_sign_keypair(p, s));
        return (publicKey, message =>
        {
            var signature = new byte[64];
            fixed (byte* o = signature, m = message, s = secretKey)
                Assert.Equal(0, crypto_sign_detached(o, null, m, (ulong)message.Length, s));
            return signature;
        });
    }

    [LibraryImport(Library)]
    private static unsafe partial int crypto_sign_keypair(byte* publicKey, byte* secretKey);

    [LibraryImport(Library)]
    private static unsafe partial int crypto_sign_detached(byte* signature, ulong* length, byte* message, ulong messageLength, byte* secretKey);
}
