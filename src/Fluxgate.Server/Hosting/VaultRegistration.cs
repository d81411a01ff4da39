using Fluxgate.Data.Vault;

namespace Fluxgate.Server.Hosting;

internal static class VaultRegistration
{
    /// <summary>The root key, before anything else starts: without one that holds, only the development profile goes on.</summary>
    public static RootKey LoadRootKey(IConfiguration configuration, InstallationOptions installation)
    {
        var options = new VaultOptions();
        configuration.GetSection(VaultOptions.Section).Bind(options, b => b.ErrorOnUnknownConfiguration = true);
        return LoadRootKey(options, installation);
    }

    public static RootKey LoadRootKey(VaultOptions options, InstallationOptions installation) =>
        RootKey.Load(options, installation.Profile == Profile.Development ? installation.DataDirectory : null);

    public static void AddVault(this IServiceCollection services, RootKey rootKey) =>
        services.AddSingleton(rootKey).AddSingleton<KeyVault>();
}
