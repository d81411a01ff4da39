using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;

namespace Fluxgate.Engine.Switches;

/// <summary>What can be switched off for one organization.</summary>
public enum SwitchKind
{
    /// <summary>Everything that comes in by keys and hooks, and every start of a run; the operator's.</summary>
    Organization,

    /// <summary>Requests with an API key.</summary>
    Api,

    /// <summary>What senders of webhooks send.</summary>
    Hooks,

    /// <summary>Starts of one workflow.</summary>
    Workflow,
}

/// <summary>What can be switched off for everybody.</summary>
public enum InstallationSwitchKind
{
    Api,
    Hooks,

    /// <summary>One type of node that reaches out of its run.</summary>
    NodeType,
}

/// <summary>What requests come in by and can be switched off.</summary>
public enum Entrance
{
    Api,
    Hooks,
}

/// <summary>All that is switched off at one moment; never changed.</summary>
public sealed class SwitchState
{
    public required IReadOnlySet<Entrance> Entrances { get; init; }

    public required IReadOnlySet<string> NodeTypes { get; init; }

    public required IReadOnlySet<OrganizationId> Organizations { get; init; }

    public required IReadOnlySet<(OrganizationId, Entrance)> EntrancesOfOrganizations { get; init; }

    public required IReadOnlySet<(OrganizationId, WorkflowId)> Workflows { get; init; }

    /// <summary>Why nothing comes in by <paramref name="entrance"/>; null if it does.</summary>
    public Error? Refusal(Entrance entrance) => Entrances.Contains(entrance) ? SwitchErrors.Off(entrance) : null;

    /// <summary>The same for what is the organization's.</summary>
    public Error? Refusal(Entrance entrance, OrganizationId organization) => Refusal(organization)
        ?? (EntrancesOfOrganizations.Contains((organization, entrance)) ? SwitchErrors.OffHere(entrance) : null);

    /// <summary>Why no run of the workflow begins, whatever would start it.</summary>
    public Error? Refusal(OrganizationId organization, WorkflowId workflow, Workflow document) => Refusal(organization)
        ?? (Workflows.Contains((organization, workflow)) ? SwitchErrors.Workflow : null)
        ?? Refusal(document);

    /// <summary>Why nothing with the document's nodes is started or published.</summary>
    public Error? Refusal(Workflow document) =>
        NodeTypes.Count > 0 && document.Graph.AllNodes.FirstOrDefault(n => IsOff(n.Type)) is { } node ? SwitchErrors.NodeType(node.Type.Name) : null;

    public bool IsOff(NodeType type) => NodeTypes.Contains(type.Name);

    private Error? Refusal(OrganizationId organization) => Organizations.Contains(organization) ? SwitchErrors.Organization : null;
}

/// <summary>What is switched off answers 503 with one of these.</summary>
public static class SwitchErrors
{
    public static readonly Error Organization = Off("organization", "The operator has switched this organization off: its keys and webhooks are not taken and no run starts. Ask the operator.");

    public static readonly Error Workflow = Off("workflow", "This workflow is switched off; no run of it starts until an administrator of the organization lifts the switch.");

    public static readonly Error Unknown = Off("unknown", "Whether this is switched off cannot be read now, so it is not served; try again.");

    public static Error NodeType(string type) => Off("node_type", $"The operator has switched nodes of type '{type}' off; what uses them is neither started nor published.");

    public static Error Off(Entrance entrance) => Off(SnakeCase.From(entrance), entrance == Entrance.Api
        ? "The operator has switched the API off for keys; people who are signed in can go on."
        : "The operator has switched webhooks off; send again later.");

    public static Error OffHere(Entrance entrance) => Off(SnakeCase.From(entrance), entrance == Entrance.Api
        ? "The organization's API is switched off for keys; an administrator who is signed in can lift the switch."
        : "The organization's webhooks are switched off; send again later.");

    private static Error Off(string what, string message) => new($"switch.{what}", ErrorKind.Unavailable, message);
}
