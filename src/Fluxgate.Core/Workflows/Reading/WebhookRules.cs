using System.Text.RegularExpressions;
using Fluxgate.Core.Expressions;

namespace Fluxgate.Core.Workflows.Reading;

/// <summary>What holds for a workflow with a webhook trigger.</summary>
internal static partial class WebhookRules
{
    [GeneratedRegex("^[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*){0,9}$")]
    private static partial Regex Path();

    public static void Check(Workflow workflow, DocumentMap root, DocumentFaults faults)
    {
        var trigger = (DocumentMap)root["trigger"]!;
        var settings = trigger["settings"] as DocumentMap;
        if (settings?["path"] is DocumentScalar { Value: { Kind: CelKind.String } path } scalar && (path.AsString.Length > 100 || !Path().IsMatch(path.AsString)))
            faults.Add("/trigger/settings/path", "webhook.path", "Up to 100 characters: segments of a–z, 0–9, - and _, separated by single slashes.", scalar);
        if (settings?["auth"] is DocumentMap auth && auth["type"] is DocumentScalar { Value: { Kind: CelKind.String } type }
            && (type.AsString == TriggerType.NoAuthentication) != (auth["credential"] is null))
            faults.Add("/trigger/settings/auth/credential", "webhook.credential", "Needed unless the type is none, and not taken if it is.", auth["credential"] ?? auth["type"]);
        var answer = settings?["answer"] is DocumentScalar { Value: { Kind: CelKind.String } text } ? text.AsString : "accepted";
        if (answer == "respond" && workflow.Nodes.All(n => n.Type != NodeTypes.Respond))
            faults.Add("/trigger/settings/answer", "webhook.no_respond_node", "There is no respond node that would answer.", settings?["answer"]);
    }
}
