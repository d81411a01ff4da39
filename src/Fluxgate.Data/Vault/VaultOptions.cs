namespace Fluxgate.Data.Vault;

/// <summary>Section <c>vault</c>: the root key that wraps every other key.</summary>
public sealed class VaultOptions
{
    public const string Section = "vault";

    /// <summary>32 random bytes as base64 or 64 hexadecimal digits. Default: none; the development profile then makes <c>root.key</c> in the data directory, the others refuse to start.</summary>
    public string? RootKey { get; set; }
}
