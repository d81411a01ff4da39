using System.Reflection;
using System.Xml.Linq;

namespace Fluxgate.Guards.Tests;

public sealed class LayeringTests
{
    /// <summary>What each project may refer to directly: Core ← Egress ← Data ← Engine ← Server ← Cli, and Client ← Cli.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Fluxgate.Core"] = [],
        ["Fluxgate.Egress"] = ["Fluxgate.Core"],
        ["Fluxgate.Data"] = ["Fluxgate.Core", "Fluxgate.Egress"],
        ["Fluxgate.Engine"] = ["Fluxgate.Core", "Fluxgate.Egress", "Fluxgate.Data"],
        ["Fluxgate.Server"] = ["Fluxgate.Core", "Fluxgate.Egress", "Fluxgate.Data", "Fluxgate.Engine"],
        ["Fluxgate.Client"] = [],
        ["Fluxgate.Cli"] = ["Fluxgate.Server", "Fluxgate.Client"],
    };

    private static readonly string[] ServedByAspNet = ["Fluxgate.Data", "Fluxgate.Engine", "Fluxgate.Server", "Fluxgate.Cli"];

    [Fact]
    public void Projects_refer_only_downwards()
    {
        var projects = Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(d => Path.GetFileName(d)).Order().ToList();
        Assert.Equal(Allowed.Keys.Order(), projects);
        foreach (var name in projects)
        {
            var project = Project(name);
            var references = project.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value));
            Assert.Empty(references.Except(Allowed[name]).Select(r => $"{name} refers to {r}"));
            if (!ServedByAspNet.Contains(name))
                Assert.Empty(project.Descendants("FrameworkReference"));
        }
    }

    [Fact]
    public void Npgsql_is_known_where_our_database_is_and_where_others_databases_are()
    {
        foreach (var name in Allowed.Keys.Where(n => n is not ("Fluxgate.Data" or "Fluxgate.Egress")))
        {
            var assembly = Assembly.Load(name == "Fluxgate.Cli" ? "fluxgate" : name);
            Assert.DoesNotContain(assembly.GetReferencedAssemblies(), a => a.Name == "Npgsql");
            Assert.DoesNotContain(Project(name).Descendants("PackageReference"), p => p.Attribute("Include")!.Value == "Npgsql");
        }
    }

    [Fact]
    public void The_kernel_stays_small()
    {
        Assert.InRange(Directory.GetFiles(Path.Combine(Repository.Root, "src/Fluxgate.Core/Kernel")).Length, 1, 20);
    }

    [Fact]
    public void No_type_is_named_for_nothing_in_particular()
    {
        var banned = (string[])["Common", "Shared", "Utils", "Helpers", "Helper", "Manager", "Impl"];
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Repository.Root, f));
        Assert.DoesNotContain(files, f => banned.Any(b => Path.GetFileNameWithoutExtension(f).EndsWith(b, StringComparison.Ordinal) || f.Split('/').Contains(b)));
    }

    private static XDocument Project(string name) => XDocument.Load(Path.Combine(Repository.Root, "src", name, name + ".csproj"));
}
