using System.Collections.Concurrent;
using System.Security.Cryptography;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Data.Vault;

/// <summary>Secrets that belong to the installation as a whole; 32 random bytes each.</summary>
public enum InstallationSecret
{
    /// <summary>Keys the hashes of API keys.</summary>
    ApiKeyPepper,

    /// <summary>Keys the watermarks of answers.</summary>
    WatermarkKey,

    /// <summary>Seed of the key that signs audit checkpoints.</summary>
    CheckpointKey,
}

/// <summary>Every version of one secret that is not retired, and which of them new work uses.</summary>
internal sealed record InstallationSecretVersions(int Active, IReadOnlyDictionary<int, byte[]> Secrets, DateTimeOffset ReadAt);

/// <summary>
/// The key hierarchy: the root key wraps one key-encryption key per organization and one for the installation, and
/// those wrap the data keys and the installation's secrets. Unwrapped keys live in this process's memory alone.
/// </summary>
public sealed class KeyVault(Database database, RootKey root, TimeProvider clock)
{
    private static readonly TimeSpan VersionsAreReadEvery = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<OrganizationId, OrganizationCipher> ciphers = new();
    private readonly ConcurrentDictionary<InstallationSecret, InstallationSecretVersions> secrets = new();

    /// <summary>
    /// The cipher of an organization, from memory once it was asked for; the first question in an organization's life
    /// makes its keys. Two nodes may ask first at once: the row that is there first holds.
    /// </summary>
    public ValueTask<OrganizationCipher> For(OrganizationId organization, CancellationToken cancel) =>
        ciphers.TryGetValue(organization, out var cipher) ? ValueTask.FromResult(cipher) : new ValueTask<OrganizationCipher>(Load(organization, cancel));

    /// <summary>
    /// The version of the secret that new work uses, and its 32 bytes, made at the first question. A copy: the caller may wipe
    /// it. A version that was added elsewhere is known within a minute.
    /// </summary>
    public async ValueTask<(int Version, byte[] Secret)> InstallationSecret(InstallationSecret purpose, CancellationToken cancel)
    {
        if (!secrets.TryGetValue(purpose, out var versions) || clock.GetUtcNow() - versions.ReadAt >= VersionsAreReadEvery)
            secrets[purpose] = versions = await LoadSecret(purpose, cancel);
        return (versions.Active, (byte[])versions.Secrets[versions.Active].Clone());
    }

    /// <summary>The bytes of one version; null if it is retired or was never there. A copy.</summary>
    public async ValueTask<byte[]?> InstallationSecret(InstallationSecret purpose, int version, CancellationToken cancel)
    {
        if (!secrets.TryGetValue(purpose, out var versions) || !versions.Secrets.ContainsKey(version))
            secrets[purpose] = versions = await LoadSecret(purpose, cancel); // another node may have made it
        return versions.Secrets.TryGetValue(version, out var secret) ? (byte[])secret.Clone() : null;
    }

    /// <summary>Throws <see cref="InvalidOperationException"/> if the root key is not the one that this installation's keys were wrapped with.</summary>
    public async Task CheckRootKey(CancellationToken cancel)
    {
        try
        {
            await InstallationSecret(Vault.InstallationSecret.ApiKeyPepper, cancel);
        }
        catch (CryptographicException)
        {
            throw new InvalidOperationException("vault.root_key is not the key that this installation's keys were wrapped with. Configure the one it was set up with; without it nothing sealed can be read.");
        }
    }

    private async Task<OrganizationCipher> Load(OrganizationId organization, CancellationToken cancel)
    {
        var ring = new OrganizationKeyRing(organization, root, clock);
        var cipher = await database.Engine(organization).Transact(transaction => ring.Load(transaction, cancel), cancel);
        return ciphers.GetOrAdd(organization, cipher);
    }

    private Task<InstallationSecretVersions> LoadSecret(InstallationSecret purpose, CancellationToken cancel)
    {
        var ring = new InstallationKeyRing(root, clock);
        return database.Platform.Transact(transaction => ring.Load(transaction, purpose, cancel), cancel);
    }
}
