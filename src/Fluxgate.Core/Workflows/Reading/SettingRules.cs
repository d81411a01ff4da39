using Fluxgate.Core.Expressions;
using Fluxgate.Core.KeyValues;

namespace Fluxgate.Core.Workflows.Reading;

/// <summary>Checks the settings of a node or trigger against its type.</summary>
internal static class SettingRules
{
    public static void Check(DocumentMap settings, IReadOnlyList<SettingField> fields, string pointer, DocumentFaults faults)
    {
        foreach (var (name, value) in settings.Members)
            if (fields.All(f => f.Name != name))
                faults.Add($"{pointer}/{DocumentFaults.Escape(name)}", "unknown",
                    fields.Count == 0 ? "There are no settings here." : $"There is no such setting; known are {string.Join(", ", fields.Select(f => f.Name))}.", value);
        foreach (var field in fields)
        {
            var value = settings[field.Name];
            if (value is not null)
                CheckValue(value, field, $"{pointer}/{field.Name}", faults);
            else if (field.Required)
                faults.Add($"{pointer}/{field.Name}", "required", $"'{field.Name}' is missing.", settings);
        }
    }

    private static void CheckValue(DocumentNode node, SettingField field, string pointer, DocumentFaults faults)
    {
        var value = (node as DocumentScalar)?.Value;
        var isTemplate = value is { Kind: CelKind.String } text && text.AsString.Contains("{{", StringComparison.Ordinal);
        switch (field.Kind)
        {
            case SettingKind.Any:
                break;
            case SettingKind.Text when value is not { Kind: CelKind.String }:
                faults.Add(pointer, "type", "This is text.", node);
                break;
            case SettingKind.Literal when value is not { Kind: CelKind.String } || value.Value.AsString.Length is 0 or > SettingField.NameCharacters || isTemplate:
                faults.Add(pointer, "type", "This is a name as it stands, without expressions.", node);
                break;
            case SettingKind.Literal when field.Reserved.FirstOrDefault(r => value!.Value.AsString.StartsWith(r, StringComparison.OrdinalIgnoreCase)) is { } reserved:
                faults.Add(pointer, "reserved", $"What begins with {reserved} is said by Fluxgate alone.", node);
                break;
            case SettingKind.LiteralText when value is not { Kind: CelKind.String } || value.Value.AsString.Length is 0 or > SettingField.TextCharacters || isTemplate:
                faults.Add(pointer, "type", $"This is text of up to {SettingField.TextCharacters} characters as it stands, without expressions.", node);
                break;
            case SettingKind.Flag when value is not { Kind: CelKind.Bool }:
                faults.Add(pointer, "type", "This is true or false.", node);
                break;
            case SettingKind.Choice when value is not { Kind: CelKind.String } || !field.Choices.Contains(value.Value.AsString):
                faults.Add(pointer, "choice", $"One of {string.Join(", ", field.Choices)}.", node);
                break;
            case SettingKind.Condition when !isTemplate && value is not { Kind: CelKind.Bool }:
                faults.Add(pointer, "type", "This is an expression in {{ }}, or true or false.", node);
                break;
            case SettingKind.Duration when !isTemplate && !(value is { Kind: CelKind.String } && Durations.TryParse(value.Value.AsString, out _)):
                faults.Add(pointer, "duration", "A duration such as 500ms, 30s, 5m, 24h or 7d.", node);
                break;
            case SettingKind.Integer when !isTemplate:
                if (value is not { Kind: CelKind.Int })
                    faults.Add(pointer, "type", "This is a whole number.", node);
                else if (field.Range is { } range && (value.Value.AsInt < range.Min || value.Value.AsInt > range.Max))
                    faults.Add(pointer, "range", $"Between {range.Min} and {range.Max}.", node);
                break;
            case SettingKind.LiteralList when node is not DocumentList list || list.Items.Count > SettingField.MostNames
                || list.Items.Any(i => i is not DocumentScalar { Value.Kind: CelKind.String }):
                faults.Add(pointer, "type", $"This is a list of up to {SettingField.MostNames} names.", node);
                break;
            case SettingKind.LiteralList when field.IsPorts:
                CheckPorts((DocumentList)node, pointer, faults);
                break;
            case SettingKind.SecretMap when node is not DocumentMap secrets || secrets.Members.Count > SettingField.MostSecrets
                || secrets.Members.Any(m => m.Value is not DocumentScalar { Value: { Kind: CelKind.String } name } || !KvName.Is(name.AsString) || !KvName.IsSecret(name.AsString)):
                faults.Add(pointer, "type", $"This is a map of up to {SettingField.MostSecrets} names to names of secrets as they stand, such as secret:erp.", node);
                break;
            case SettingKind.Group when node is DocumentMap map:
                Check(map, field.Members, pointer, faults);
                break;
            case SettingKind.Body when node is not DocumentMap:
                faults.Add(pointer, "type", "This is a map of nodes, edges and output.", node);
                break;
            case SettingKind.Group:
                faults.Add(pointer, "type", "This is a map.", node);
                break;
        }
    }

    private static void CheckPorts(DocumentList list, string pointer, DocumentFaults faults)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { NodeTypes.DefaultCase, NodeType.ErrorPort };
        if (list.Items.Count == 0)
            faults.Add(pointer, "empty", "There is at least one.", list);
        for (var i = 0; i < list.Items.Count; i++)
        {
            var name = ((DocumentScalar)list.Items[i]).Value.AsString;
            if (name.Length is 0 or > WorkflowLimits.PortCharacters)
                faults.Add($"{pointer}/{i}", "length", $"A port has 1 to {WorkflowLimits.PortCharacters} characters.", list.Items[i]);
            else if (!seen.Add(name))
                faults.Add($"{pointer}/{i}", "duplicate", $"'{name}' is taken: the names are distinct and none is {NodeTypes.DefaultCase} or {NodeType.ErrorPort}.", list.Items[i]);
        }
    }
}
