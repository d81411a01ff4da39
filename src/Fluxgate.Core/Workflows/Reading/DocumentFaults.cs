using Fluxgate.Core.Kernel;

namespace Fluxgate.Core.Workflows.Reading;

/// <summary>Collects the faults of a document; reading goes on after each, so that all are reported at once.</summary>
internal sealed class DocumentFaults
{
    /// <summary>Past this many, more would not help anybody.</summary>
    private const int Most = 200;

    private readonly List<FieldError> faults = [];

    public IReadOnlyList<FieldError> All => faults;

    public bool None => faults.Count == 0;

    public void Add(string pointer, string code, string message, DocumentNode? at) => Add(pointer, code, message, at?.Line, at?.Column);

    public void Add(string pointer, string code, string message, int? line, int? column)
    {
        if (faults.Count < Most)
            faults.Add(new FieldError(pointer, code, message, line, column));
    }

    public static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
