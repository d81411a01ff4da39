using Fluxgate.Engine.Connections;
using Fluxgate.Engine.Connections.Authentication;
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
        connectors.MapGet("", ListConnectors.Handle).WithName("list_connectors").Needs(Permissions.ConnectorsRead);
        connectors.MapGet("/{id:guid}", GetConnector.Handle).WithName("get_connector").Needs(Permissions.ConnectorsRead);
        connectors.MapPut("/{id:guid}", UpdateConnector.Handle).WithName("update_connector").Needs(Permissions.ConnectorsWrite);
        connectors.MapPost("/{id:guid}/breaker/reset", ResetBreaker.Handle).WithName("reset_connector_breaker").Needs(Permissions.ConnectorsWrite);
        connectors.MapPost("/{id:guid}/test", TestConnector.Handle).WithName("test_connector").Needs(Permissions.ConnectorsWrite);
        connectors.MapDelete("/{id:guid}", DeleteConnector.Handle).WithName("delete_connector").Needs(Permissions.ConnectorsWrite);
    }
}
