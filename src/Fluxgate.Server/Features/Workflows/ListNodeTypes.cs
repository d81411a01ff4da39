using System.Text.Json;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;

namespace Fluxgate.Server.Features.Workflows;

public enum NodeTypeKind
{
    Trigger,
    Node,
}

/// <summary>
/// What a document may hold. <paramref name="Ports"/> are where edges leave; those of the setting
/// <paramref name="PortsFrom"/>, if there is one, come before them. <paramref name="Settings"/> is a JSON Schema
/// (2020-12); settings in <paramref name="PerItem"/> are evaluated for each item.
/// </summary>
public sealed record NodeTypeResponse(
    string Name, NodeTypeKind Kind, int Major, string Description, IReadOnlyList<string> Ports, string? PortsFrom, IReadOnlyList<string> PerItem, JsonElement Settings);

internal static class ListNodeTypes
{
    private static readonly Page<NodeTypeResponse> All = new([.. TriggerType.All.Values.Select(Trigger), .. NodeTypes.All.Values.Select(Node)], null);

    public static Page<NodeTypeResponse> Handle() => All;

    private static NodeTypeResponse Trigger(TriggerType type) =>
        new(type.Name, NodeTypeKind.Trigger, 1, type.Description, [], null, [], Schema(type.Settings));

    private static NodeTypeResponse Node(NodeType type) =>
        new(type.Name, NodeTypeKind.Node, type.Major, type.Description, type.Ports, type.PortsFrom, [.. type.Settings.Where(s => s.PerItem).Select(s => s.Name)], Schema(type.Settings));

    private static JsonElement Schema(IReadOnlyList<SettingField> settings) => JsonSerializer.SerializeToElement(SettingSchema.Of(settings));
}
