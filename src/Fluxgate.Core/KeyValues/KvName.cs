using System.Text.RegularExpressions;

namespace Fluxgate.Core.KeyValues;

/// <summary>
/// Names of the key-value store: 1–200 of letters, digits, <c>.</c>, <c>_</c>, <c>:</c> and <c>-</c>, beginning with a letter
/// or digit; told apart by case. What begins with <c>secret:</c> can be written and used, never read.
/// </summary>
public static partial class KvName
{
    public const int Characters = 200;

    private const string Secret = "secret:";

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._:-]{0,199}\z")]
    private static partial Regex Form();

    public static bool Is(string? text) => text is not null && Form().IsMatch(text) && text != Secret;

    public static bool IsSecret(string name) => name.StartsWith(Secret, StringComparison.Ordinal);
}
