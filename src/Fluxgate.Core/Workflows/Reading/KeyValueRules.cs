using Fluxgate.Core.Expressions;
using Fluxgate.Core.KeyValues;

namespace Fluxgate.Core.Workflows.Reading;

/// <summary>What holds for the key-value store: in expressions, and in the settings of its node.</summary>
internal static class KeyValueRules
{
    /// <summary>Why an expression may not call for that name; null if it may.</summary>
    public static (string Code, string Message)? Fault(string name, bool inStep)
    {
        if (!inStep)
            return ("expression.kv_outside_step", "kv() is read before a step; let a step compute what the output needs.");
        if (!KvName.Is(name))
            return ("kv.name", $"'{name}' is no name of the key-value store.");
        return KvName.IsSecret(name) ? ("kv.secret_not_readable", "No expression reads a secret; it is named where it is used, as in secret_headers.") : null;
    }

    public static void Check(PlacedNode node, DocumentFaults faults)
    {
        if (node.Node.KeyValues.Count > WorkflowLimits.KeyValues)
            faults.Add(node.Pointer, "kv.too_many_names", $"The expressions of a node call for at most {WorkflowLimits.KeyValues} names of the key-value store.", node.Map);
        if (node.Node.Type == NodeTypes.Kv && node.Map["settings"] is DocumentMap settings)
            CheckNode(settings, $"{node.Pointer}/settings", faults);
    }

    private static void CheckNode(DocumentMap settings, string pointer, DocumentFaults faults)
    {
        var action = Text(settings, "action");
        string[] taken = action switch
        {
            "get" => [],
            "set" => ["value", "ttl", "if_version", "allowed_hosts"],
            "delete" => ["if_version"],
            "increment" => ["by", "ttl"],
            _ => ["value", "ttl", "if_version", "allowed_hosts", "by"],
        };
        foreach (var (name, value) in settings.Members)
            if (name is "value" or "ttl" or "if_version" or "allowed_hosts" or "by" && !taken.Contains(name))
                faults.Add($"{pointer}/{name}", "kv.setting", $"'{action}' has no '{name}'.", value);
        if (action == "set" && settings["value"] is null)
            faults.Add($"{pointer}/value", "required", "'value' is missing.", settings);
        // Who writes says where; only reading looks for the nearest.
        if (action is "set" or "delete" or "increment" && settings["scope"] is null)
            faults.Add($"{pointer}/scope", "required", "'scope' is missing: what is written names its scope.", settings);
        if (Text(settings, "key") is { } key && !key.Contains("{{", StringComparison.Ordinal))
            CheckKey(settings, key, action, pointer, faults);
    }

    private static void CheckKey(DocumentMap settings, string key, string? action, string pointer, DocumentFaults faults)
    {
        if (!KvName.Is(key))
            faults.Add($"{pointer}/key", "kv.name", "This is no name of the key-value store.", settings["key"]);
        else if (KvName.IsSecret(key) && action is "get" or "increment")
            faults.Add($"{pointer}/key", "kv.secret_not_readable", "A name that begins with secret: is written and used; nothing of it is read or counted.", settings["key"]);
        else if (action == "set" && KvName.IsSecret(key) != (settings["allowed_hosts"] is not null))
            faults.Add($"{pointer}/allowed_hosts", "kv.allowed_hosts", "A secret has hosts that it may be sent to, and only a secret has.", settings["allowed_hosts"] ?? settings);
    }

    private static string? Text(DocumentMap settings, string name) => settings[name] is DocumentScalar { Value: { Kind: CelKind.String } value } ? value.AsString : null;
}
