using System.Globalization;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Workflows;

namespace Fluxgate.Core.Runs;

/// <summary>The nodes that only compute or begin a wait; each answers the events of one step, which is called by its path.</summary>
internal static class PureSteps
{
    public static IEnumerable<RunEvent> Run(Node node, string path, CelValue settings, DateTimeOffset now, Func<Guid> newId)
    {
        CelValue? Setting(string name) => settings.TryGetMember(name, out var value) ? value : null;

        RunEvent Fault(string code, string message) => new StepFailed(now, path, 1, new StepError(code, message, path), null);

        RunEvent Done(CelValue output, string port) => new StepSucceeded(now, path, JsonShape.Of(output), port);

        switch (node.Type.Name)
        {
            case "transform":
                return [Done(Setting("output")!.Value, "out")];

            case "condition":
                return Setting("when") is { Kind: CelKind.Bool } when
                    ? [Done(when, when.AsBool ? "true" : "false")]
                    : [Fault("condition.not_a_bool", "'when' gives true or false.")];

            case "switch":
                return Case(Setting("value")!.Value) is { } value
                    ? [Done(CelValue.From(value), node.Ports.Contains(value) ? value : NodeTypes.DefaultCase)]
                    : [Fault("switch.value", "'value' is text, a whole number or a bool.")];

            case "wait":
                if (Setting("expires_in") is not { } expiresIn)
                    return [new SignalAwaited(now, path, Setting("signal")!.Value.AsString, null)];
                return Until(expiresIn, null, now) is { } expiry
                    ? [new SignalAwaited(now, path, Setting("signal")!.Value.AsString, expiry)]
                    : [Fault("wait.expires_in", "'expires_in' is a duration such as 30s up to 365d.")];

            case "fail":
                return [Fault("node.failed", Text(Setting("message")))];

            case "emit":
                return [new EventEmitted(now, path, newId(), node.RawSettings.TryGetMember("event", out var type) ? type.AsString : "", JsonShape.Of(Setting("data")!.Value)), Done(CelValue.Null, "out")];

            case "respond":
                var status = Setting("status") is { Kind: CelKind.Int } number ? number.AsInt : 200;
                return status is < 200 or > 599
                    ? [Fault("respond.status", "A status is between 200 and 599.")]
                    : [new Responded(now, path, (int)status, JsonShape.Of(Setting("headers") ?? CelValue.Null), JsonShape.Of(Setting("body") ?? CelValue.Null)), Done(CelValue.Null, "out")];

            case "delay":
                return Until(Setting("for"), Setting("until"), now) is { } until
                    ? [new StepDelayed(now, path, until)]
                    : [Fault("delay.when", "'for' is a duration such as 30s up to 365d, 'until' a time in RFC 3339.")];

            case "review":
                return Review(path, settings, now, newId) is { } requested ? [requested] : [Fault("review.settings", "'title' is text of up to 500 characters, 'expires_in' a duration.")];

            default:
                throw new InvalidOperationException($"{node.Type.Name} is no pure node.");
        }
    }

    private static ReviewRequested? Review(string path, CelValue settings, DateTimeOffset now, Func<Guid> newId)
    {
        settings.TryGetMember("title", out var title);
        settings.TryGetMember("content", out var content);
        DateTimeOffset? expires = null;
        if (settings.TryGetMember("expires_in", out var expiresIn))
        {
            expires = Until(expiresIn, null, now);
            if (expires is null)
                return null;
        }
        if (title.Kind != CelKind.String || title.AsString.Length is 0 or > 500)
            return null;
        var approvers = new List<string>();
        if (settings.TryGetMember("approvers", out var who))
            foreach (var kind in (string[])["groups", "members"])
                if (who.TryGetMember(kind, out var names))
                    approvers.AddRange(names.AsList.Select(n => $"{kind}:{n.AsString}"));
        return new ReviewRequested(now, path, newId(), title.AsString, JsonShape.Of(content), approvers, expires);
    }

    private static DateTimeOffset? Until(CelValue? duration, CelValue? time, DateTimeOffset now)
    {
        switch (duration ?? time)
        {
            case { Kind: CelKind.Duration } span when span.AsDuration >= TimeSpan.Zero && span.AsDuration <= WorkflowLimits.Duration:
                return now + span.AsDuration;
            case { Kind: CelKind.String } text when duration is not null:
                return Durations.TryParse(text.AsString, out var parsed) ? now + parsed : null;
            case { Kind: CelKind.String } text:
                return DateTimeOffset.TryParse(text.AsString, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at - now <= WorkflowLimits.Duration ? at : null;
            case { Kind: CelKind.Timestamp } stamp when stamp.AsTimestamp - now <= WorkflowLimits.Duration:
                return stamp.AsTimestamp;
            default:
                return null;
        }
    }

    /// <summary>The value as the name of a case; null for what has no such name.</summary>
    private static string? Case(CelValue value) => value.Kind switch
    {
        CelKind.String => value.AsString,
        CelKind.Int or CelKind.Uint or CelKind.Bool => Text(value),
        _ => null,
    };

    private static string Text(CelValue? value) => value switch
    {
        null => "",
        { Kind: CelKind.String } text => text.AsString,
        { } other => System.Text.Encoding.UTF8.GetString(other.ToJson()),
    };
}
