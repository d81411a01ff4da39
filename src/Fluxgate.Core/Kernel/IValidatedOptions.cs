namespace Fluxgate.Core.Kernel;

/// <summary>Options that know which of their values make no sense.</summary>
public interface IValidatedOptions
{
    /// <summary>One sentence a fault, beginning with the setting's full name.</summary>
    IEnumerable<string> Faults();
}
