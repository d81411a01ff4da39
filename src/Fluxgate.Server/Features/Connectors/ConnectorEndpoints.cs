using Fluxgate.Engine.Connections.Authentication;
using Fluxgate.Engine.Connections;
using Fluxgate.Server.Security.Access;
using Fluxgate.Server.Security.Limits;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Connectors;

internal static class ConnectorEndpoints
{
    public static void AddConnectors(this IServiceCollection services) =>
        services.AddSingleton<ConnectionCatalog>().AddSingleton<CircuitBreakers>()
            .AddSingleton<CredentialUses>().AddSingleton<TokenEndpoint>().AddSingleton<ConnectorTokens>().AddSingleton<AccountTokens>().AddSingleton<ConnectorSender>().AddSingleton<ConnectionTest>();

    public static void MapConnectors(this IEndpointRouteBuilder routes)
    {
        var connectors = routes.MapGroup("/v1/connectors").WithTags("connectors");
        connectors.MapPost("", CreateConnector.Handle).WithName("create_connector").Needs(Permissions.ConnectorsWrite);
        connectors.MapGet("", ListConnectors.Handle).WithName("list_connectors").Needs(Permissions.ConnectorsRead).Filtered(ResourceKind.Connector);
        connectors.MapGet("/names", ListConnectorNames.Handle).WithName("list_connector_names").Needs(Permissions.ConnectorsRead).Filtered(ResourceKind.Connector, Right.Use);
        connectors.MapGet("/{id:guid}", GetConnector.Handle).WithName("get_connector").Needs(Permissions.ConnectorsRead).On(ResourceKind.Connector, Right.View);
        connectors.MapPut("/{id:guid}", UpdateConnector.Handle).WithName("update_connector").Needs(Permissions.ConnectorsWrite).On(ResourceKind.Connector, Right.Edit);
        connectors.MapPost("/{id:guid}/breaker/reset", ResetBreaker.Handle).WithName("reset_connector_breaker").Needs(Permissions.ConnectorsWrite).On(ResourceKind.Connector, Right.Edit);
        connectors.MapPost("/{id:guid}/test", TestConnector.Handle).WithName("test_connector").Costs(5).Needs(Permissions.ConnectorsWrite).On(ResourceKind.Connector, Right.Edit);
        connectors.MapDelete("/{id:guid}", DeleteConnector.Handle).WithName("delete_connector").Needs(Permissions.ConnectorsWrite).On(ResourceKind.Connector, Right.Edit);
    }
}
