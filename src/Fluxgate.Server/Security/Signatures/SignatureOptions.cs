using Fluxgate.Core.Kernel;

namespace Fluxgate.Server.Security.Signatures;

/// <summary>Section <c>signatures</c>: for those who develop Fluxgate.</summary>
public sealed class SignatureOptions : IValidatedOptions
{
    public const string Section = "signatures";

    /// <summary>A constant, so that a release has no branch that takes a request without its signature.</summary>
    private const bool IsDebugBuild =
#if DEBUG
        true;
#else
        false;
#endif

    /// <summary>Whether requests without a signature are taken where one is asked for. It exists in debug builds alone: a release refuses to start with it. Default: false.</summary>
    public bool Optional { get; set; }

    internal bool AreOptional => IsDebugBuild && Optional;

    public IEnumerable<string> Faults()
    {
        if (Optional && !IsDebugBuild)
            yield return "signatures.optional exists in debug builds alone; this is a release, and takes no request without the signature that is asked for.";
    }
}
