using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Fluxgate.Core.Kernel;
using Fluxgate.Server.Hosting;

namespace Fluxgate.Guards.Tests;

/// <summary>The configuration guide is made from the options classes, and every setting is read somewhere.</summary>
public sealed partial class ConfigurationGuide
{
    /// <summary>Every options class of the product with its section; the top level has none.</summary>
    private static IEnumerable<(string Section, Type Type)> Options() =>
        Directory.GetFiles(AppContext.BaseDirectory, "Fluxgate.*.dll")
            .Select(f => Path.GetFileNameWithoutExtension(f))
            .Where(n => !n.EndsWith("Tests", StringComparison.Ordinal) && n != "Fluxgate.Testing")
            .Select(Assembly.Load)
            .SelectMany(a => a.GetTypes())
            .Where(t => t.Name.EndsWith("Options", StringComparison.Ordinal) && (t == typeof(InstallationOptions) || t.GetField("Section", BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static) is not null))
            .Select(t => (Section: t.GetField("Section", BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)?.GetRawConstantValue() as string ?? "", Type: t))
            .OrderBy(o => o.Section, StringComparer.Ordinal);

    private static IEnumerable<PropertyInfo> Settings(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(p => p.CanWrite);

    [Fact]
    public void The_configuration_guide_is_made_from_the_options()
    {
        var guide = new StringBuilder("""
            # Configuration

            Settings come from `fluxgate.yaml` (`--config`) and the environment, which wins. A name in the file such as
            `sign_in: { registration: open }` is `FLUXGATE_SIGN_IN__REGISTRATION=open` in the environment; `…_FILE` names a file
            that holds the value. Unknown names stop the start, and so does a value that makes no sense; all faults
            are named at once.

            This page is made from the options classes; a test holds it to them.

            """.ReplaceLineEndings("\n"));
        foreach (var (section, type) in Options())
        {
            guide.Append(CultureInfo.InvariantCulture, $"\n## {(section.Length == 0 ? "Top level" : $"`{SectionName(type, section)}`")}\n\n| setting | meaning |\n|---|---|\n");
            foreach (var setting in Settings(type))
                guide.Append(CultureInfo.InvariantCulture, $"| `{SnakeCase.From(setting.Name)}` | {Summary(type, setting)} |\n");
        }
        Repository.AssertSnapshot("docs/guide/configuration.md", guide.ToString());
    }

    [Fact]
    public void Every_setting_is_described_and_read()
    {
        var sources = Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .ToDictionary(f => Path.GetFileNameWithoutExtension(f) + Path.GetDirectoryName(f), File.ReadAllText);
        var unread = new List<string>();
        foreach (var (_, type) in Options())
            foreach (var setting in Settings(type))
            {
                Assert.False(string.IsNullOrWhiteSpace(Summary(type, setting)), $"{type.Name}.{setting.Name} has no description.");
                var use = new Regex($@"\b(?!nameof)\w+\??\.{setting.Name}\b");
                if (!sources.Any(s => !s.Key.StartsWith(type.Name, StringComparison.Ordinal) && use.IsMatch(s.Value)))
                    unread.Add($"{type.Name}.{setting.Name}");
            }
        Assert.Empty(unread);
    }

    /// <summary>The class says the section's name with its underscores, which the configuration tree does without.</summary>
    private static string SectionName(Type type, string section)
    {
        var name = SectionNamed().Match(Documentation(type).Elements("member").FirstOrDefault(m => (string?)m.Attribute("name") == $"T:{type.FullName}")?.ToString() ?? "");
        Assert.True(name.Success && name.Groups[1].Value.Replace("_", "", StringComparison.Ordinal) == section, $"The summary of {type.Name} begins with its section's name.");
        return name.Groups[1].Value;
    }

    private static string Summary(Type type, PropertyInfo setting)
    {
        var summary = Documentation(type).Elements("member").FirstOrDefault(m => (string?)m.Attribute("name") == $"P:{type.FullName}.{setting.Name}")?.Element("summary");
        if (summary is null)
            return "";
        foreach (var code in summary.Descendants().ToList())
            code.ReplaceWith(code.Name == "c" ? $"`{code.Value}`" : $"`{SnakeCase.From(((string?)code.Attribute("cref") ?? "").Split('.')[^1])}`");
        return Spaces().Replace(summary.Value.Trim(), " ").Replace("|", "\\|", StringComparison.Ordinal);
    }

    private static XElement Documentation(Type type) =>
        XDocument.Load(Path.ChangeExtension(type.Assembly.Location, ".xml")).Root!.Element("members")!;

    [GeneratedRegex(@"Section <c>(\w+)</c>")]
    private static partial Regex SectionNamed();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
