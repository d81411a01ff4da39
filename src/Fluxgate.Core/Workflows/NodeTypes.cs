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

    public static readonly NodeType Switch = new("switch", "Takes the branch whose name the value is.", NodeBehaviour.Pure, [DefaultCase],
    [
        new("value", Any, true, "Text, a whole number or a bool; compared as text."),
        new("cases", LiteralList, true, "Names of the branches, each a port; any other value takes the port default.") { IsPorts = true },
    ]) { PortsFrom = "cases" };

    public static readonly NodeType Merge = new("merge", "Joins branches: gives a map of the outputs of those that were taken.", NodeBehaviour.Collect, ["out"], []);

    public static readonly NodeType Filter = new("filter", "Keeps the items of a list that meet a condition.", NodeBehaviour.Collect, ["out"],
    [
        new("items", Any, true, "The list."),
        new("where", SettingKind.Condition, true, "Whether an item stays.") { PerItem = true },
    ]);

    public static readonly NodeType Aggregate = new("aggregate", "Makes one value of a list, or one of each group.", NodeBehaviour.Collect, ["out"],
    [
        new("items", Any, true, "The list."),
        new("function", Choice, true, "What is made of the values.") { Choices = ["count", "sum", "average", "min", "max", "list"] },
        new("value", Any, false, "An item's value; the item itself if left out.") { PerItem = true },
        new("group_by", Any, false, "An item's group: text, a number or a bool. With it the output is a list of {key, value} in the order of appearance.") { PerItem = true },
    ]);

    public static readonly NodeType Http = new("http", "Calls an endpoint of a connector.", NodeBehaviour.Effect, ["out"],
    [
        new("connector", Literal, true, "Name of the connector."),
        new("endpoint", Literal, true, "Name of its endpoint."),
        new("parameters", Any, false, "Values of the {parameters} in the endpoint's path."),
        new("query", Any, false, "Query parameters, a map."),
        new("headers", Any, false, "Request headers, a map."),
        new("secret_headers", SecretMap, false, "Request headers whose values are secrets of the key-value store: a map of header names to names that begin with secret:."),
        new("body", Any, false, "Request body, sent as JSON."),
    ]);

    public static readonly NodeType Graphql = new("graphql", "Sends a GraphQL operation to an endpoint of a connector.", NodeBehaviour.Effect, ["out"],
    [
        new("connector", Literal, true, "Name of the connector."),
        new("endpoint", Literal, true, "Name of its endpoint, a POST."),
        new("query", LiteralText, true, "The operation; data enters it by its variables."),
        new("variables", Any, false, "Values of its variables, a map."),
        new("operation_name", Literal, false, "Which operation is meant, if the text has several."),
        new("allow_partial", Flag, false, "Whether data beside errors is a success; otherwise errors in the answer fail the step."),
        new("parameters", Any, false, "Values of the {parameters} in the endpoint's path."),
        new("headers", Any, false, "Request headers, a map."),
        new("secret_headers", SecretMap, false, "Request headers whose values are secrets of the key-value store: a map of header names to names that begin with secret:."),
    ]);

    public static readonly NodeType Database = new("database", "Runs a statement on a PostgreSQL database.", NodeBehaviour.Effect, ["out"],
    [
        new("credential", Literal, true, "Name of the credential that says which database.") { CredentialTypes = ["postgresql"] },
        new("query", LiteralText, true, "One statement, with $1 and so on for its parameters."),
        new("parameters", Any, false, "Values of its parameters, a list."),
        new("read_only", Flag, false, "Whether the statement may change nothing."),
        new("max_rows", Integer, false, "Rows that it may give, 1000 by default; with more everything is undone.") { Range = (1, 10_000) },
    ]);

    public static readonly NodeType Email = new("email", "Sends a mail.", NodeBehaviour.Effect, ["out"],
    [
        new("credential", Literal, true, "Name of the credential that says which server, and who the mail is from.") { CredentialTypes = ["smtp"] },
        new("to", Any, false, "An address, or a list of them."),
        new("cc", Any, false, "The same, for a copy."),
        new("bcc", Any, false, "The same, unseen by the others."),
        new("reply_to", Any, false, "Where answers go."),
        new("subject", Text, true, "One line."),
        new("text", Text, false, "The body as text."),
        new("html", Text, false, "The body as HTML."),
    ]);

    public static readonly NodeType Kv = new("kv", "Reads or writes the key-value store.", NodeBehaviour.Effect, ["out"],
    [
        new("action", Choice, true, "What is done.") { Choices = ["get", "set", "delete", "increment"] },
        new("key", Text, true, "Name of the entry."),
        new("scope", Choice, false, "Whose entry it is. Writing needs it; reading without it finds the nearest.") { Choices = ["workflow", "folder", "organization"] },
        new("value", Any, false, "For set: the value."),
        new("by", Integer, false, "For increment: how much is added, 1 by default."),
        new("ttl", Duration, false, "For set, and for increment of what is new: after this it is gone."),
        new("if_version", Integer, false, "For set and delete: only if the entry has this version; 0 writes only what is not there."),
        new("allowed_hosts", LiteralList, false, "For set of a name that begins with secret: the only hosts that it may be sent to."),
    ]);

    public static readonly NodeType Code = new("code", "Computes a value with JavaScript, in a sealed process; off unless an operator turns it on.", NodeBehaviour.Effect, ["out"],
    [
        new("source", LiteralText, true, "The body of a function of input; what it returns is the output."),
        new("input", Any, false, "What it is given; data enters it by this alone."),
    ]);

    public static readonly NodeType Workflow = new("workflow", "Calls another workflow.", NodeBehaviour.Call, ["out"],
    [
        new("workflow", Literal, true, "Name of the workflow; it is published and has the trigger workflow."),
        new("input", Any, false, "What it sees as trigger.input."),
        new("mode", Choice, false, "sync (the default): waits for its end and gives {run_id, output}; async: gives {run_id} once it has started.") { Choices = ["sync", AsyncMode] },
    ]);

    public static readonly NodeType Foreach = new("foreach", "Does the same for each item of a list, and gives the list of the results in the order of the items.", NodeBehaviour.Loop, ["out"],
    [
        new("items", Any, true, "The list."),
        new("concurrency", Integer, false, "How many items are under way at once, 1 by default.") { Range = (1, LoopConcurrency) },
        new("workflow", Literal, false, "Name of a workflow that is called for each item; or else there is a body."),
        new("input", Any, false, "What that workflow sees as trigger.input; the item itself if left out.") { PerItem = true },
        new("body", Body, false, "Nodes and edges that run for each item, and the output that is its result."),
        new("on_item_error", Choice, false, "What becomes of the step when an item fails: it fails too (fail, the default), or that item's result is {error} (continue).") { Choices = ["fail", GoOn] },
    ]);

    public static readonly NodeType Delay = new("delay", "Waits for a duration or until a time.", NodeBehaviour.Wait, ["out"],
    [
        new("for", Duration, false, "How long."),
        new("until", Any, false, "Until when: a timestamp, or text in RFC 3339."),
    ]);

    public static readonly NodeType Wait = new("wait", "Waits for a signal that a person or program sends to the run.", NodeBehaviour.Wait, ["received", "expired"],
    [
        new("signal", Literal, true, "Name of the signal."),
        new("expires_in", Duration, false, "After this the run goes on by the port expired."),
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
            Reserved = ["review.", "run.", "workflow.", "audit.", "member.", "invitation.", "api_key.", "credential.", "connector.", "group.", "organization.", "webhook_endpoint.", "delivery.", "sign_in.", "access.", "key.", "anomaly."],
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

    /// <summary>The port of a switch for what is none of its cases.</summary>
    public const string DefaultCase = "default";

    /// <summary>Most items of a loop that are under way at once.</summary>
    public const int LoopConcurrency = 50;

    /// <summary>What a loop does about an item that failed, other than to fail.</summary>
    internal const string GoOn = "continue";

    /// <summary>The mode of a workflow node that does not wait for the run that it calls.</summary>
    public const string AsyncMode = "async";

    public static IReadOnlyDictionary<string, NodeType> All { get; } =
        new[] { Transform, Condition, Switch, Merge, Filter, Aggregate, Http, Graphql, Database, Email, Kv, Code, Workflow, Foreach, Delay, Wait, Review, Emit, Respond, Fail }.ToDictionary(t => t.Name, StringComparer.Ordinal);

    /// <summary>The type that a document names, as <c>http</c> or <c>http@1</c>.</summary>
    public static NodeType? Find(string reference)
    {
        var at = reference.IndexOf('@', StringComparison.Ordinal);
        var name = at < 0 ? reference : reference[..at];
        return All.TryGetValue(name, out var type) && (at < 0 || reference[(at + 1)..] == $"{type.Major}") ? type : null;
    }
}
