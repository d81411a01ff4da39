using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Egress;

namespace Fluxgate.Engine.Connections;

/// <summary>
/// What each organization lets its own calls reach. Read at every call and kept nowhere, so that a narrower policy holds at
/// once on every node; what is called without a token has it from the reading of its connector.
/// </summary>
public sealed class EgressPolicies(Database database)
{
    private sealed record Row(EgressMode? Mode, string[]? Allow);

    public async Task<EgressPolicy> Of(OrganizationId organization, CancellationToken cancel)
    {
        var row = await database.Engine(organization).QueryOptional<Row>($"select mode, allow from egress_policies where organization_id = {organization}", cancel);
        return Of(row?.Mode, row?.Allow);
    }

    /// <summary>The policy of a row's columns; without a row an organization leaves it to the installation.</summary>
    internal static EgressPolicy Of(EgressMode? mode, string[]? allow) => mode is { } given ? new EgressPolicy(given, Parse(allow!)) : EgressPolicy.Open;

    /// <summary>Entries that do not parse allow nothing.</summary>
    public static IReadOnlyList<EgressEntry> Parse(IEnumerable<string> entries) =>
        [.. entries.Select(e => EgressEntry.TryParse(e, out var entry) ? entry : null).OfType<EgressEntry>()];
}
