namespace Fluxgate.Cli.Demo;

/// <summary>The demo's own files, built into the executable.</summary>
internal static class DemoFiles
{
    public static string Workflow() => Read("workflow.yaml");

    /// <summary>Documents as JSON lines: those of <paramref name="file"/>, or the sample.</summary>
    public static IReadOnlyList<string> Documents(string? file) =>
        [.. (file is null ? Read("sample-invoices.jsonl") : File.ReadAllText(file)).Split('\n').Select(l => l.Trim('\r')).Where(l => l.Trim().Length > 0)];

    private static string Read(string name)
    {
        using var stream = typeof(DemoFiles).Assembly.GetManifestResourceStream($"Fluxgate.Cli.Demo.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
