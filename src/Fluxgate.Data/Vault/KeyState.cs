namespace Fluxgate.Data.Vault;

/// <summary>The life of a key version.</summary>
internal enum KeyState
{
    /// <summary>Seals and opens; exactly one version of a key is active.</summary>
    Active,

    /// <summary>Opens what it sealed, and seals no more.</summary>
    DecryptOnly,

    /// <summary>Not loaded: nothing sealed by it is left.</summary>
    Retired,
}

internal sealed record KeyRow(Guid Id, int Version, KeyState State, byte[] Wrapped);
