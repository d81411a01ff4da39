using Fluxgate.Core.Kernel;

namespace Fluxgate.Server.Hosting;

/// <summary>
/// Binds an options class to its section. A key that the class does not know, a value that it cannot hold and a section
/// that nobody registered stop the start, all of them named at once.
/// </summary>
internal static class OptionsRegistration
{
    public static T AddSection<T>(this IServiceCollection services, IConfiguration configuration, string section) where T : class, new()
    {
        var options = services.ReadSection<T>(configuration, section);
        services.AddSingleton(options);
        return options;
    }

    /// <summary>The same for what is no service: where the database is, and the key above all keys.</summary>
    public static T ReadSection<T>(this IServiceCollection services, IConfiguration configuration, string section) where T : class, new()
    {
        var options = new T();
        var known = Registry(services);
        known.Sections.Add(section);
        known.Bind(options, configuration.GetSection(section));
        return options;
    }

    public static void AddFaults(this IServiceCollection services, IEnumerable<string> faults) => Registry(services).Faults.AddRange(faults);

    /// <summary>What <paramref name="read"/> returns; a fault of the configuration that it throws is named with all others, and null returned.</summary>
    public static T? OrFault<T>(this IServiceCollection services, Func<T> read) where T : class
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException e)
        {
            services.AddFaults([e.Message]);
            return null;
        }
    }

    /// <summary>Throws, naming every fault. To be called when every feature has registered its sections.</summary>
    public static void RefuseConfigurationFaults(this IServiceCollection services, IConfiguration configuration)
    {
        var known = Registry(services);
        known.Sections.UnionWith(typeof(InstallationOptions).GetProperties().Select(p => p.Name));
        var faults = configuration.GetChildren()
            .Where(c => !known.Sections.Contains(c.Key))
            .Select(c => $"There is no setting '{c.Key}'.")
            .Concat(known.Faults)
            .ToList();
        if (faults.Count > 0)
            throw new InvalidOperationException("The configuration has faults:" + string.Concat(faults.Select(f => "\n  " + f)));
    }

    private static SectionRegistry Registry(IServiceCollection services)
    {
        var registry = services.Select(s => s.ImplementationInstance).OfType<SectionRegistry>().SingleOrDefault();
        if (registry is null)
            services.AddSingleton(registry = new SectionRegistry());
        return registry;
    }

    private sealed class SectionRegistry
    {
        /// <summary>Names without underscores, as the configuration tree has them; the binder ignores case, so does this.</summary>
        public HashSet<string> Sections { get; } = new(StringComparer.OrdinalIgnoreCase);

        public List<string> Faults { get; } = [];

        public void Bind(object options, IConfigurationSection section)
        {
            var properties = options.GetType().GetProperties().ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
            var unknown = section.GetChildren().Where(c => !properties.ContainsKey(c.Key)).Select(c => $"There is no setting '{section.Path}.{c.Key}'.").ToList();
            Faults.AddRange(unknown);
            try
            {
                // The binder stops at the first unknown key, here only at one further down.
                section.Bind(options, b => b.ErrorOnUnknownConfiguration = unknown.Count == 0);
            }
            catch (InvalidOperationException e)
            {
                // The binder names type and value; a value may be a secret, so only the setting's name is passed on.
                Faults.Add($"A value of section '{section.Path}' cannot be read: {Setting(e, section)}.");
            }
            if (options is IValidatedOptions validated)
                Faults.AddRange(validated.Faults());
        }

        private static string Setting(InvalidOperationException e, IConfigurationSection section) =>
            section.GetChildren().Where(c => e.Message.Contains($"'{c.Path}'", StringComparison.Ordinal)).Select(c => c.Key).FirstOrDefault() ?? section.Path;
    }
}
