using static Fluxgate.Core.Workflows.SettingKind;

namespace Fluxgate.Core.Workflows;

/// <summary>All node types.</summary>
public static class NodeTypes
{
    public static readonly NodeType Transform = new("transform", "Computes a value from what came before.", NodeBehaviour.Pure, ["out"],
    [
        new("output", Any, true, "The value; expressions in its strings are evaluated."),
    ]);

    public static readonly NodeType Condition = new("condition", "Takes one of two branches.", NodeBehaviour.Pure, ["true", "false"],
    [
        new("when", SettingKind.Condition, true, "Decides the branch."),
    ]);

    public static readonly NodeType Http = new("http", "Calls an endpoint of a connector.", NodeBehaviour.Effect, ["out"],
    [
        new("connector", Literal, true, "Name of the connector."),
        new("endpoint", Literal, true, "Name of its endpoint."),
        new("parameters", Any, false, "Values of the {parameters} in the endpoint's path."),
        new("query", Any, false, "Query parameters, a map."),
        new("headers", Any, false, "Request headers, a map."),
        new("body", Any, false, "Request body, sent as JSON."),
    ]);

    public static readonly NodeType Delay = new("delay", "Waits for a duration or until a time.", NodeBehaviour.Wait, ["out"],
    [
        new("for", Duration, false, "How long."),
        new("until", Any, false, "Until when: a timestamp, or text in RFC 3339."),
    ]);

    public static readonly NodeType Review = new("review", "Pauses until a person has decided.", NodeBehaviour.Wait, ["approved", "rejected", "expired"],
    [
        new("title", Text, true, "What the reviewer is asked."),
        new("content", Any, true, "What is shown; the decision is bound to it."),
        new("approvers", Group, false, "Who may decide; everybody with the permission if left out.")
        {
            Members =
            [
                new("groups", LiteralList, false, "Names of groups."),
                new("members", LiteralList, false, "E-mail addresses of members."),
                new("required", Integer, false, "How many must approve.") { Range = (1, 1) },
            ],
        },
        new("expires_in", Duration, false, "After this the review expires."),
    ]);

    public static readonly NodeType Emit = new("emit", "Sends an event to the organization's outgoing webhooks.", NodeBehaviour.Pure, ["out"],
    [
        // A receiver takes these for Fluxgate's word: whoever edits a workflow must not be able to say that a review was approved.
        new("event", Literal, true, "Type of the event, such as invoice.posted.")
        {
            Reserved = ["review.", "run.", "workflow.", "audit.", "member.", "invitation.", "api_key.", "credential.", "connector.", "group.", "organization.", "webhook_endpoint.", "delivery.", "sign_in.", "access.", "key."],
        },
        new("data", Any, true, "Its content."),
    ]);

    public static readonly NodeType Respond = new("respond", "Answers the request that started the run.", NodeBehaviour.Pure, ["out"],
    [
        new("status", Integer, false, "HTTP status, 200 by default.") { Range = (200, 599) },
        new("headers", Any, false, "Response headers, a map."),
        new("body", Any, false, "Response body, sent as JSON."),
    ]);

    public static readonly NodeType Fail = new("fail", "Ends the run as failed.", NodeBehaviour.Pure, [],
    [
        new("message", Text, true, "Why."),
    ]);

    public static IReadOnlyDictionary<string, NodeType> All { get; } =
        new[] { Transform, Condition, Http, Delay, Review, Emit, Respond, Fail }.ToDictionary(t => t.Name, StringComparer.Ordinal);

    /// <summary>The type that a document names, as <c>http</c> or <c>http@1</c>.</summary>
    public static NodeType? Find(string reference)
    {
        var at = reference.IndexOf('@', StringComparison.Ordinal);
        var name = at < 0 ? reference : reference[..at];
        return All.TryGetValue(name, out var type) && (at < 0 || reference[(at + 1)..] == $"{type.Major}") ? type : null;
    }
}
