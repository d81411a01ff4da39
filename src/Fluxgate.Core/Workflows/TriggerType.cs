using static Fluxgate.Core.Workflows.SettingKind;

namespace Fluxgate.Core.Workflows;

/// <summary>A kind of trigger.</summary>
public sealed record TriggerType(string Name, string Description, IReadOnlyList<SettingField> Settings)
{
    /// <summary>The authentication of a webhook that asks its sender for nothing.</summary>
    public const string NoAuthentication = "none";

    /// <summary>The setting by which a program's trigger is open to pages.</summary>
    internal const string PublicSetting = "public";

    public static readonly TriggerType Manual = new("manual", "A person starts it.", []);

    public static readonly TriggerType Api = new("api", "A program starts it.",
    [
        new(PublicSetting, Flag, false, "Whether pages with a client key may start it, for anybody who looks at them."),
    ]);

    public static readonly TriggerType Webhook = new("webhook", "A request to an address of its own starts it.",
    [
        new("path", Literal, true, "Path below /hooks/{organization}/."),
        new("method", Choice, false, "HTTP method, POST by default.") { Choices = ["POST", "PUT"] },
        new("auth", Group, true, "How the sender proves itself.")
        {
            Members =
            [
                new("type", Choice, true, "hmac: signature over the raw body; standard_webhooks: the same by that standard; api_key: a secret header; basic: user name and password; none: whoever knows the address.") { Choices = ["hmac", "standard_webhooks", "api_key", "basic", NoAuthentication] },
                new("credential", Literal, false, "Name of the credential that holds the secret; with none there is none."),
            ],
        },
        new("answer", Choice, false, "When the sender is answered: once the run is recorded (accepted, the default), after it (finished), or by a respond node (respond).") { Choices = ["accepted", "finished", "respond"] },
    ]);

    public static readonly TriggerType Schedule = new("schedule", "A time of the calendar starts it.",
    [
        new("cron", Literal, true, "Five fields: minute, hour, day of month, month, day of week."),
        new("time_zone", Literal, false, "IANA time zone whose clocks count, UTC by default."),
        new("missed", Choice, false, "What becomes of times that went by while nothing could start: one run for all (run_once, the default), none (skip), or each, 100 at most (run_all).") { Choices = ["run_once", "skip", "run_all"] },
        new("overlap", Choice, false, "What becomes of a time that comes while the last run is not finished: none runs (skip, the default), or both do (allow).") { Choices = ["skip", "allow"] },
    ]);

    public static readonly TriggerType Rss = new("rss", "A new entry of a feed starts it.",
    [
        new("url", LiteralText, true, "Address of the feed, in RSS 2.0 or Atom."),
        new("interval", LiteralText, false, "How often it is looked into, 1m–24h, 5m by default."),
        new("start_with", Choice, false, "What the first look starts: no run (none, the default), one for the newest entry (newest), or one for each (all).") { Choices = ["none", "newest", "all"] },
    ]);

    public static readonly TriggerType Email = new("email", "A new mail in a mailbox starts it.",
    [
        new("credential", Literal, true, "Name of the credential that says which mailbox.") { CredentialTypes = ["imap"] },
        new("folder", Literal, false, "Its folder, INBOX by default."),
        new("interval", LiteralText, false, "How often it is looked into, 1m–24h, 5m by default."),
    ]);

    public static readonly TriggerType Workflow = new("workflow", "Another workflow calls it.", []);

    public static IReadOnlyDictionary<string, TriggerType> All { get; } =
        new[] { Manual, Api, Webhook, Schedule, Rss, Email, Workflow }.ToDictionary(t => t.Name, StringComparer.Ordinal);
}
