using System.Text;
using System.Text.RegularExpressions;

namespace Fluxgate.Server.Features.SignIn;

/// <summary>The short name of an organization in addresses.</summary>
internal static partial class Slug
{
    [GeneratedRegex("^[a-z0-9](-?[a-z0-9]){1,62}$")]
    private static partial Regex Form();

    public static bool IsValid(string slug) => slug.Length <= 63 && Form().IsMatch(slug) && !Guid.TryParse(slug, out _);

    /// <summary>A slug from a name's ASCII letters and digits; may be too short to be valid.</summary>
    public static string From(string name)
    {
        var slug = new StringBuilder();
        foreach (var c in name.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c))
                slug.Append(c);
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }
        var text = slug.ToString().Trim('-');
        return text.Length > 50 ? text[..50].Trim('-') : text;
    }
}
