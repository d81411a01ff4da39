using System.Reflection;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;
using Fluxgate.Server.Http;

namespace Fluxgate.Server.Features.Templates;

/// <summary>A document to begin a workflow with. <paramref name="Name"/> is short, <paramref name="Title"/> the name that stands in it; connectors and credentials in it are made up.</summary>
public sealed record TemplateResponse(string Name, string Title, string Description, string Document, DocumentFormat Format);

internal static class ListTemplates
{
    private const string Folder = "Fluxgate.Server.Features.Templates.Documents.";

    /// <summary>The simplest first, the others by name.</summary>
    private static readonly Lazy<Page<TemplateResponse>> All = new(() => new Page<TemplateResponse>(
        [.. Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)).Select(Read).OrderBy(t => t.Name != "hello").ThenBy(t => t.Name, StringComparer.Ordinal)], null));

    public static Page<TemplateResponse> Handle() => All.Value;

    /// <summary>The first line, a comment, is the description.</summary>
    private static TemplateResponse Read(string resource)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!);
        var text = reader.ReadToEnd();
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        var document = text[(end + 1)..];
        return new TemplateResponse(
            resource[Folder.Length..^".yaml".Length], WorkflowReader.Read(document, DocumentFormat.Yaml).Value.Name, text[..end].TrimStart('#', ' '), document, DocumentFormat.Yaml);
    }
}
