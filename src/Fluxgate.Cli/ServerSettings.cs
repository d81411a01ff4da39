using System.CommandLine;
using Fluxgate.Server.Hosting;
using Microsoft.Extensions.Configuration;

namespace Fluxgate.Cli;

/// <summary>The options that every command with a server of its own shares.</summary>
internal static class ServerSettings
{
    public static readonly Option<string?> ConfigurationFile = new("--config") { Description = "fluxgate.yaml to read. Default: ./fluxgate.yaml if it is there." };
    public static readonly Option<string?> DataDirectory = new("--data") { Description = "Data directory." };

    public static IConfigurationRoot Load(ParseResult parsed)
    {
        var file = parsed.GetValue(ConfigurationFile) ?? (File.Exists("fluxgate.yaml") ? "fluxgate.yaml" : null);
        var overrides = new Dictionary<string, string?>();
        if (parsed.GetValue(DataDirectory) is { } directory)
            overrides["data_directory"] = directory;
        return FluxgateConfiguration.Load(file, overrides);
    }
}
