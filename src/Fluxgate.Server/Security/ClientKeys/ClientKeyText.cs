using System.Diagnostics.CodeAnalysis;

namespace Fluxgate.Server.Security.ClientKeys;

/// <summary>A client key is <c>fgc_</c> and otherwise as an API key (<see cref="ApiKeyText"/>), but no secret: it is published with a page.</summary>
internal static class ClientKeyText
{
    public const string Header = "X-Client-Key";
    private const string Marker = "fgc_";

    public static string New() => ApiKeyText.New(Marker);

    public static string Prefix(string key) => ApiKeyText.Prefix(key);

    public static bool IsWellFormed([NotNullWhen(true)] string? text) => ApiKeyText.HasForm(text, Marker);
}
