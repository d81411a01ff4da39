using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Egress;

namespace Fluxgate.Engine.Connections;

/// <summary>What each organization lets its own calls reach. Asked at every call and kept nowhere, so that a narrower policy holds at once on every node.</summary>
public sealed class EgressPolicies(Database database)
{
    private sealed record Row(EgressMode Mode, string[] Allow);

    public async Task<EgressPolicy> Of(OrganizationId organization, CancellationToken cancel)
    {
        var row = await database.Engine(organization).QueryOptional<Row>($"select mode, allow from egress_policies where organization_id = {organization}", cancel);
        return row is null ? EgressPolicy.Open : new EgressPolicy(row.Mode, Parse(row.Allow));
    }

    /// <summary>Entries that do not parse allow nothing.</summary>
    public static IReadOnlyList<EgressEntry> Parse(IEnumerable<string> entries) =>
        [.. entries.Select(e => EgressEntry.TryParse(e, out var entry) ? entry : null).OfType<EgressEntry>()];
}
