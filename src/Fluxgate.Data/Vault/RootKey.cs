using System.Security.Cryptography;

namespace Fluxgate.Data.Vault;

/// <summary>The key above all others. It comes from outside the database, and never leaves this process.</summary>
public sealed class RootKey
{
    private const int Bytes = 32;
    private const string FileName = "root.key";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string HowToMake = "Make one with: openssl rand -base64 32";

    private RootKey(byte[] key) => Key = new SealingKey(FirstVersion, key);

    /// <summary>The generation of the root key; each wrapped key names the one that wraps it.</summary>
    internal const int FirstVersion = 1;

    internal SealingKey Key { get; }

    /// <summary>
    /// The configured key. Without one: the file <c>root.key</c> of <paramref name="generateIn"/>, made if it is not
    /// there; where that is null, <see cref="InvalidOperationException"/>.
    /// </summary>
    public static RootKey Load(VaultOptions options, string? generateIn)
    {
        if (!string.IsNullOrWhiteSpace(options.RootKey))
            return Parse(options.RootKey, "vault.root_key");
        if (generateIn is null)
            throw new InvalidOperationException($"vault.root_key (FLUXGATE_VAULT__ROOT_KEY) is not set, and only the development profile makes a root key by itself. {HowToMake}");
        return FromFile(Path.Combine(generateIn, FileName));
    }

    /// <summary>A key from its text; <paramref name="where"/> tells the operator which setting is at fault, the text itself is never repeated.</summary>
    public static RootKey Parse(string text, string where)
    {
        text = text.Trim();
        var key = new byte[Bytes];
        var decoded = text.Length == 2 * Bytes
            ? Convert.FromHexString(text, key, out _, out var written) == System.Buffers.OperationStatus.Done && written == Bytes
            : Convert.TryFromBase64String(text, key, out written) && written == Bytes;
        if (!decoded)
            throw new InvalidOperationException($"{where} is not 32 bytes as base64 or 64 hexadecimal digits. {HowToMake}");
        if (key.Distinct().Count() == 1)
            throw new InvalidOperationException($"{where} repeats one byte, which is no key. {HowToMake}");
        // Of random keys, one in 10^13 is readable and none repeats bytes so much: these were typed.
        if (Array.TrueForAll(key, b => b is >= 0x20 and < 0x7f) || key.Distinct().Count() < Bytes / 2)
            throw new InvalidOperationException($"{where} is a text or a pattern, which can be guessed. {HowToMake}");
        if (key.Zip(key.Skip(1), (a, b) => (byte)(b - a)).Distinct().Count() == 1)
            throw new InvalidOperationException($"{where} counts up or down, which is no key. {HowToMake}");
        return new RootKey(key);
    }

    private static RootKey FromFile(string path)
    {
        if (!File.Exists(path))
            Generate(path);
        if ((File.GetUnixFileMode(path) & ~Private) != 0)
            throw new InvalidOperationException($"{path} can be read by others than its owner. If nobody has read it: chmod 600 {path}");
        return Parse(File.ReadAllText(path), path);
    }

    /// <summary>Written whole under another name and then renamed, so that neither a crash nor a second process leaves half a key or two keys.</summary>
    private static void Generate(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var unfinished = $"{path}.{Environment.ProcessId}";
        using (var file = new FileStream(unfinished, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = Private }))
        using (var text = new StreamWriter(file))
            text.WriteLine(Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes)));
        try
        {
            File.Move(unfinished, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(unfinished); // another process was first; its key holds
        }
    }
}
