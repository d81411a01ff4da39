using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Anomalies;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Anomalies;

/// <summary>What the organization calls unusual. <paramref name="Version"/> is 0 while it has said nothing and the defaults hold.</summary>
public sealed record AnomalySettingsResponse(AnomalySettings Settings, int Version);

internal sealed record OwnAnomalySettings(AnomalySettings Settings, int Version) : IVersionedSetting
{
    public static OwnAnomalySettings Of(AnomalySettingsRow? row) => row is null ? new OwnAnomalySettings(AnomalySettings.Default, 0) : new OwnAnomalySettings(row.Settings, row.Version);
}

internal static class GetAnomalySettings
{
    public static async Task<Reply<AnomalySettingsResponse>> Handle(OrganizationCaller caller, HttpContext context, Database database, CancellationToken cancel)
    {
        var own = OwnAnomalySettings.Of(await database.As(caller).QueryOptional<AnomalySettingsRow>(
            $"select {AnomalySettingsRow.Columns} from anomaly_settings where organization_id = {caller.Organization}", cancel));
        EntityTag.Show(context, own.Version);
        return new AnomalySettingsResponse(own.Settings, own.Version);
    }
}
