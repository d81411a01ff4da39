using System.Security.Cryptography;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Workflows;

namespace Fluxgate.Engine.Polls;

/// <summary>What a look found: the new state, and what each run that it starts begins with, oldest first.</summary>
internal sealed record PollFound(CelValue State, IReadOnlyList<PollItem> Items)
{
    /// <summary>There is more; the next look is soon.</summary>
    public bool HasMore { get; init; }
}

/// <summary><paramref name="Key"/> is the same whenever and wherever the item is found; <paramref name="Trigger"/> is what expressions see.</summary>
internal sealed record PollItem(string Key, CelValue Trigger);

/// <summary>What a trigger looks into, and how often.</summary>
public static class PollTrigger
{
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromMinutes(5);

    public static bool IsPolled(Trigger trigger) => trigger.Type == TriggerType.Rss || trigger.Type == TriggerType.Email;

    /// <summary>The settings that say which source it is: with another the state begins anew.</summary>
    public static byte[] Source(Trigger trigger) => SHA256.HashData(CelValue.List(
        [CelValue.From(trigger.Type.Name), .. ((string[])["url", "start_with", "credential", "folder"]).Select(name => trigger.Settings.TryGetMember(name, out var value) ? value : CelValue.Null)]).ToJson());

    public static TimeSpan Interval(Trigger trigger) =>
        trigger.Settings.TryGetMember("interval", out var value) && value.Kind == CelKind.String && Durations.TryParse(value.AsString, out var interval) ? interval : DefaultInterval;
}
