using Fluxgate.Data.Sessions;

namespace Fluxgate.Data.Vault;

/// <summary>Adds versions of the installation's secrets. As the owner of the tables: no role that serves may change a key that is there.</summary>
public static class InstallationSecretRotation
{
    /// <summary>
    /// Makes a further version of the secret, which new work uses from now on; what was made with others is read as before.
    /// Answers its number. Throws <see cref="System.Security.Cryptography.CryptographicException"/> if the root key is another one.
    /// </summary>
    public static async Task<int> Add(DatabaseOptions options, RootKey root, InstallationSecret purpose, TimeProvider clock, CancellationToken cancel)
    {
        await using var source = Database.Source(options, DatabaseRole.Owner, maxConnections: 1);
        var ring = new InstallationKeyRing(root, clock);
        return await new Session(source, null).Transact(transaction => ring.Add(transaction, purpose, cancel), cancel);
    }
}
