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

    /// <summary>As <see cref="Text"/>, and no line break in it: a name as lists show it.</summary>
    public Checks OneLine(string value, string pointer, int min, int max) =>
        Text(value, pointer, min, max).That(!value.Contains('\n', StringComparison.Ordinal), pointer, "characters", "One line.");

    /// <summary>Each of <paramref name="names"/> is one of <paramref name="known"/>; <paramref name="unknown"/> says so of one that is not.</summary>
    public Checks Known(IReadOnlyList<string> names, IReadOnlySet<string> known, string pointer, string unknown)
    {
        for (var i = 0; i < names.Count; i++)
            That(known.Contains(names[i]), $"{pointer}/{i}", "unknown", unknown);
        return this;
    }

    /// <summary>The error that names all faults, or null.</summary>
    public Error? Error(string code = "request.invalid") =>
        faults.Count == 0 ? null : Core.Kernel.Error.Invalid(code, "The request has faults; see errors.", faults);
}
