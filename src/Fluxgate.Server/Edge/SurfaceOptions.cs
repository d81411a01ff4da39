using Fluxgate.Core.Kernel;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Edge;

/// <summary>
/// Section <c>surfaces</c>: from where each part of the server is reached. A port that one part names is for the parts that
/// name it; a part without one answers on the others. Elsewhere a part answers as if it was not there.
/// </summary>
public sealed class SurfaceOptions : IValidatedOptions
{
    public const string Section = "surfaces";

    /// <summary>Addresses and ranges from which hooks are reached, at most 50. Default: everywhere.</summary>
    public List<string> PublicNetworks { get; set; } = [];

    /// <summary>Port of <c>listen</c> on which hooks are reached. Default: any that no other part names.</summary>
    public int? PublicPort { get; set; }

    /// <summary>Addresses and ranges from which the API is reached, at most 50; the console's pages need it too. Default: everywhere.</summary>
    public List<string> ApiNetworks { get; set; } = [];

    /// <summary>Port of <c>listen</c> on which the API is reached. Default: any that no other part names.</summary>
    public int? ApiPort { get; set; }

    /// <summary>Addresses and ranges from which the console's pages are reached, at most 50. Default: everywhere.</summary>
    public List<string> ConsoleNetworks { get; set; } = [];

    /// <summary>Port of <c>listen</c> on which the console's pages are reached. Default: any that no other part names.</summary>
    public int? ConsolePort { get; set; }

    /// <summary>Addresses and ranges from which audit and metrics are reached, at most 50. Default: everywhere.</summary>
    public List<string> OperatorNetworks { get; set; } = [];

    /// <summary>Port of <c>listen</c> on which audit and metrics are reached. Default: any that no other part names.</summary>
    public int? OperatorPort { get; set; }

    public IEnumerable<string> Faults()
    {
        foreach (var (surface, networks, _) in Surfaces.All(this))
        {
            var setting = $"surfaces.{SnakeCase.From(surface.ToString())}_networks";
            if (networks.Count > NetworkList.Most)
                yield return $"{setting} has at most {NetworkList.Most} entries.";
            foreach (var text in networks.Where(t => !NetworkList.TryParse(t, out _)))
                yield return $"{setting}: '{text}' is neither an address nor a range such as 10.1.2.0/24.";
        }
    }
}
