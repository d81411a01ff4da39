using Fluxgate.Core.Kernel;

namespace Fluxgate.Server.Http;

/// <summary>Collects every fault of a request, each with its JSON pointer, so that a caller mends them in one go.</summary>
internal sealed class Checks
{
    private readonly List<FieldError> faults = [];

    public Checks That(bool holds, string pointer, string code, string message)
    {
        if (!holds)
            faults.Add(new FieldError(pointer, code, message));
        return this;
    }

    /// <summary>Length in UTF-16 units; NUL and lone surrogates are refused, since neither PostgreSQL nor canonical JSON takes them.</summary>
    public Checks Text(string? value, string pointer, int min, int max) =>
        That(value is not null && value.Length >= min && value.Length <= max, pointer, "length", $"Between {min} and {max} characters.")
        .That(value is null || StorableText.Is(value), pointer, "characters", "NUL characters and lone surrogates are not taken.");

    /// <summary>The error that names all faults, or null.</summary>
    public Error? Error(string code = "request.invalid") =>
        faults.Count == 0 ? null : Core.Kernel.Error.Invalid(code, "The request has faults; see errors.", faults);
}
