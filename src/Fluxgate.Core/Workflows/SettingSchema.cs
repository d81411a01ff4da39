using System.Text.Json.Nodes;
using Fluxgate.Core.KeyValues;

namespace Fluxgate.Core.Workflows;

/// <summary>
/// The settings of a node or trigger type as a JSON Schema (2020-12), for editors and programs that write documents. It
/// takes whatever the validator takes; the validator refuses more, such as names that do not exist.
/// </summary>
public static class SettingSchema
{
    /// <summary>Text with an expression in it.</summary>
    private static JsonObject Expression => new() { ["type"] = "string", ["pattern"] = @"\{\{" };

    public static JsonObject Of(IReadOnlyList<SettingField> fields)
    {
        var properties = new JsonObject();
        foreach (var field in fields)
            properties[field.Name] = Field(field);
        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = new JsonArray([.. fields.Where(f => f.Required).Select(f => (JsonNode)f.Name)]),
            ["additionalProperties"] = false,
        };
    }

    private static JsonObject Field(SettingField field)
    {
        var schema = field.Kind switch
        {
            SettingKind.Text => new JsonObject { ["type"] = "string" },
            SettingKind.Literal => Name(),
            SettingKind.LiteralText => new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = SettingField.TextCharacters, ["not"] = Expression },
            SettingKind.Flag => new JsonObject { ["type"] = "boolean" },
            SettingKind.Choice => new JsonObject { ["enum"] = new JsonArray([.. field.Choices.Select(c => (JsonNode)c)]) },
            SettingKind.Condition => new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "boolean" }, Expression) },
            SettingKind.Duration => new JsonObject { ["type"] = "string", ["minLength"] = 1 },
            SettingKind.Integer => new JsonObject { ["anyOf"] = new JsonArray(Whole(field), Expression) },
            SettingKind.LiteralList => new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" }, ["maxItems"] = SettingField.MostNames, ["uniqueItems"] = field.IsPorts },
            SettingKind.SecretMap => new JsonObject
            {
                ["type"] = "object", ["maxProperties"] = SettingField.MostSecrets,
                ["additionalProperties"] = new JsonObject { ["type"] = "string", ["pattern"] = "^secret:", ["maxLength"] = KvName.Characters },
            },
            SettingKind.Body => new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject { ["nodes"] = new JsonObject { ["type"] = "array", ["minItems"] = 1 }, ["edges"] = new JsonObject { ["type"] = "array" }, ["output"] = new JsonObject() },
                ["required"] = new JsonArray("nodes"),
                ["additionalProperties"] = false,
            },
            SettingKind.Group => Of(field.Members),
            _ => [],
        };
        schema["description"] = field.Description;
        return schema;
    }

    private static JsonObject Name() => new() { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = SettingField.NameCharacters, ["not"] = Expression };

    private static JsonObject Whole(SettingField field)
    {
        var whole = new JsonObject { ["type"] = "integer" };
        if (field.Range is { } range)
            (whole["minimum"], whole["maximum"]) = (range.Min, range.Max);
        return whole;
    }
}
