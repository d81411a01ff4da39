using System.Runtime.InteropServices;

namespace Fluxgate.Core.Cryptography;

/// <summary>The functions of libsodium that Fluxgate uses, as the C header declares them. Loaded as <c>libsodium.so.23</c> (or .26).</summary>
internal static unsafe partial class Sodium
{
    private const string Library = "libsodium";

    static Sodium()
    {
        NativeLibrary.SetDllImportResolver(typeof(Sodium).Assembly, static (name, assembly, path) =>
        {
            if (name != Library)
                return 0;
            foreach (var candidate in (ReadOnlySpan<string>)["libsodium.so.26", "libsodium.so.23", "libsodium.dylib", "libsodium"])
                if (NativeLibrary.TryLoad(candidate, assembly, path, out var handle))
                    return handle;
            throw new DllNotFoundException("libsodium is not installed (Debian: apt-get install libsodium23).");
        });
        if (sodium_init() < 0)
            throw new InvalidOperationException("libsodium could not be initialised.");
    }

    [LibraryImport(Library)]
    private static partial int sodium_init();

    [LibraryImport(Library)]
    internal static partial int crypto_pwhash(
        byte* output, ulong outputLength, byte* password, ulong passwordLength, byte* salt, ulong operations, nuint memoryBytes, int algorithm);

    internal const int Argon2id13 = 2;

    [LibraryImport(Library)]
    internal static partial int crypto_aead_xchacha20poly1305_ietf_encrypt(
        byte* output, ulong* outputLength, byte* message, ulong messageLength, byte* associatedData, ulong associatedDataLength, byte* unused, byte* nonce, byte* key);

    [LibraryImport(Library)]
    internal static partial int crypto_aead_xchacha20poly1305_ietf_decrypt(
        byte* output, ulong* outputLength, byte* unused, byte* sealedMessage, ulong sealedLength, byte* associatedData, ulong associatedDataLength, byte* nonce, byte* key);

    [LibraryImport(Library)]
    internal static partial int crypto_generichash(byte* output, nuint outputLength, byte* message, ulong messageLength, byte* key, nuint keyLength);

    [LibraryImport(Library)]
    internal static partial int crypto_sign_verify_detached(byte* signature, byte* message, ulong messageLength, byte* publicKey);
}
