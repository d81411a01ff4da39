using Fluxgate.Core.Expressions;

namespace Fluxgate.Core.Workflows.Reading;

/// <summary>What holds for the settings of triggers that look into something from time to time, beyond their types.</summary>
internal static class PollRules
{
    private const int AddressCharacters = 2000;

    public static void Check(DocumentMap settings, DocumentFaults faults)
    {
        if (Text(settings, "interval") is { } interval && !(Durations.TryParse(interval, out var time) && time >= TimeSpan.FromMinutes(1) && time <= TimeSpan.FromDays(1)))
            faults.Add("/trigger/settings/interval", "poll.interval", "A duration between 1m and 24h.", settings["interval"]);
        if (Text(settings, "url") is { } url && !IsAddress(url))
            faults.Add("/trigger/settings/url", "poll.url", $"An address of up to {AddressCharacters} characters that begins with https:// or http://, without a user name or password.", settings["url"]);
    }

    private static bool IsAddress(string text) =>
        text.Length <= AddressCharacters && Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp) && url.UserInfo.Length == 0;

    /// <summary>Null where the setting is missing or has a fault already.</summary>
    private static string? Text(DocumentMap settings, string name) =>
        settings[name] is DocumentScalar { Value: { Kind: CelKind.String } value } && value.AsString.Length > 0 && !value.AsString.Contains("{{", StringComparison.Ordinal) ? value.AsString : null;
}
