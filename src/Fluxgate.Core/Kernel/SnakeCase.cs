using System.Text.Json;

namespace Fluxgate.Core.Kernel;

/// <summary>Names on the wire and in the database are snake_case; in code they are not.</summary>
public static class SnakeCase
{
    public static string From(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    public static string From<TEnum>(TEnum value) where TEnum : struct, Enum => EnumNames<TEnum>.ToText[value];

    public static TEnum Parse<TEnum>(string text) where TEnum : struct, Enum =>
        TryParse<TEnum>(text, out var value) ? value : throw new FormatException($"'{text}' is no {typeof(TEnum).Name}.");

    public static bool TryParse<TEnum>(string text, out TEnum value) where TEnum : struct, Enum =>
        EnumNames<TEnum>.ToValue.TryGetValue(text, out value);

    private static class EnumNames<TEnum> where TEnum : struct, Enum
    {
        public static readonly Dictionary<TEnum, string> ToText = Enum.GetValues<TEnum>().ToDictionary(v => v, v => SnakeCase.From(v.ToString()));
        public static readonly Dictionary<string, TEnum> ToValue = ToText.ToDictionary(p => p.Value, p => p.Key, StringComparer.Ordinal);
    }
}
