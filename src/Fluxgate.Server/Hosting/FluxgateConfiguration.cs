using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Fluxgate.Server.Hosting;

/// <summary>
/// Reads <c>fluxgate.yaml</c> and the environment into one tree of settings. Names are snake_case in the file
/// (<c>database: { admin_user: … }</c>) and <c>FLUXGATE_DATABASE__ADMIN_USER</c> in the environment, which wins.
/// </summary>
public static class FluxgateConfiguration
{
    public const string EnvironmentPrefix = "FLUXGATE_";

    private const string FileSuffix = "_FILE";

    /// <summary>What the command line's client reads; the server has no settings of these names and would refuse them as unknown.</summary>
    private static readonly HashSet<string> OfTheClient = new(StringComparer.Ordinal) { "FLUXGATE_URL", "FLUXGATE_API_KEY" };

    /// <summary>All settings; <paramref name="overrides"/> (command-line options, tests) win over the environment.</summary>
    public static IConfigurationRoot Load(string? yamlFile, IEnumerable<KeyValuePair<string, string?>> overrides)
    {
        var builder = new ConfigurationBuilder();
        if (yamlFile is not null)
            builder.AddInMemoryCollection(ReadYaml(File.ReadAllText(yamlFile)));
        builder.AddInMemoryCollection(ReadEnvironment());
        builder.AddInMemoryCollection(overrides.Select(o => KeyValuePair.Create(WithoutUnderscores(o.Key), o.Value)));
        return builder.Build();
    }

    internal static IEnumerable<KeyValuePair<string, string?>> ReadYaml(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.Count == 0 ? [] : Flatten("", stream.Documents[0].RootNode);
    }

    private static IEnumerable<KeyValuePair<string, string?>> Flatten(string path, YamlNode node)
    {
        string Child(string name) => path.Length == 0 ? name : $"{path}:{name}";
        return node switch
        {
            YamlMappingNode mapping => mapping.Children.SelectMany(c => Flatten(Child(WithoutUnderscores(((YamlScalarNode)c.Key).Value!)), c.Value)),
            YamlSequenceNode sequence => sequence.Children.SelectMany((c, i) => Flatten(Child(i.ToString(CultureInfo.InvariantCulture)), c)),
            YamlScalarNode scalar => [KeyValuePair.Create(path, scalar.Value)],
            _ => throw new FormatException("Anchors and aliases have no place in a configuration file."),
        };
    }

    private static Dictionary<string, string?> ReadEnvironment() => ReadEnvironment(
        Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().Select(e => KeyValuePair.Create((string)e.Key, (string?)e.Value)));

    /// <summary>
    /// <c>FLUXGATE_X</c> is the setting x; <c>FLUXGATE_X_FILE</c> names a file that holds its value, which is how
    /// orchestrators hand over secrets. One line break at the file's end does not count. Both at once are refused.
    /// </summary>
    internal static Dictionary<string, string?> ReadEnvironment(IEnumerable<KeyValuePair<string, string?>> variables)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in variables.Where(v => v.Key.StartsWith(EnvironmentPrefix, StringComparison.Ordinal) && !OfTheClient.Contains(v.Key)))
        {
            var isFile = name.EndsWith(FileSuffix, StringComparison.Ordinal) && name.Length > EnvironmentPrefix.Length + FileSuffix.Length;
            var setting = isFile ? name[..^FileSuffix.Length] : name;
            var path = WithoutUnderscores(setting[EnvironmentPrefix.Length..].Replace("__", ":", StringComparison.Ordinal));
            if (!settings.TryAdd(path, isFile ? ReadSecret(name, value) : value))
                throw new InvalidOperationException($"Both {setting} and {setting}{FileSuffix} are set; one of them has to go.");
        }
        return settings;
    }

    private static string ReadSecret(string variable, string? file)
    {
        try
        {
            var text = File.ReadAllText(file ?? "");
            return text.EndsWith('\n') ? text[..^1].TrimEnd('\r') : text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InvalidOperationException($"The file that {variable} names cannot be read: {e.Message}");
        }
    }

    /// <summary>The binder matches names without regard to case, so only the underscores stand between the two spellings.</summary>
    private static string WithoutUnderscores(string name) => name.Replace("_", "", StringComparison.Ordinal);
}
