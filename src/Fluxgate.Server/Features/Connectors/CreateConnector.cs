using System.Text.Json;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Connections;
using Fluxgate.Server.Hosting;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Connectors;

public sealed record CreateConnectorRequest(
    string Name, string BaseUrl, ConnectorAuthenticationSetting Authentication, ConnectorEndpointSetting[] Endpoints, string Description = "", BreakerSetting? Breaker = null, string? CaCertificates = null, int? MaxConcurrentCalls = null);

internal static class CreateConnector
{
    public static async Task<Created<ConnectorResponse>> Handle(
        CreateConnectorRequest request, OrganizationCaller caller, HttpContext context,
        Database database, InstallationOptions installation, AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        var content = new ConnectorContent(request.Description, request.BaseUrl, request.Authentication, request.Endpoints, request.Breaker, request.CaCertificates, request.MaxConcurrentCalls);
        var checks = new Checks()
            .That(ConnectorChecks.IsName(request.Name), "/name", "name", "1–63 of a–z, 0–9, _ and -, beginning with a letter.")
            .Content(content, installation.Profile);
        if (checks.Error() is { } invalid)
            return invalid;
        if (request.Authentication.Account is { } account && account != caller.User)
            return ConnectorErrors.OthersAccount;

        var now = clock.GetUtcNow();
        var response = new ConnectorResponse(Uuid.New(clock), request.Name, request.Description, request.BaseUrl, request.Authentication, request.Endpoints,
            request.Breaker, new BreakerResponse(BreakerState.Closed, 0, null), request.CaCertificates, request.MaxConcurrentCalls, 1, now, now);
        var result = await database.As(caller).Attempt(transaction => Insert(transaction, response, content, caller, audit, cancel), cancel);
        if (result.Error is { } error)
            return error;
        EntityTag.Show(context, response.Version);
        return Created<ConnectorResponse>.At(response.Id, response);
    }

    private static async Task<Result<Done>> Insert(
        Transaction transaction, ConnectorResponse connector, ConnectorContent content, OrganizationCaller caller, AuditLog audit, CancellationToken cancel)
    {
        var credential = await ConnectorChecks.Credential(transaction, caller, content, cancel);
        if (credential.Error is { } refused)
            return refused;
        var endpoints = new Jsonb(JsonSerializer.Serialize(content.Endpoints, ConnectionCatalog.StoredJson));
        if (await transaction.Execute($"""
            insert into connectors (organization_id, id, name, description, base_url, authentication, credential_id, endpoints, breaker, ca_certificates, account_user_id, max_concurrent_calls, version, created_at, updated_at)
            values ({caller.Organization}, {connector.Id}, {connector.Name}, {content.Description}, {content.BaseUrl}, {content.Authentication.Type},
                    {credential.Value}, {endpoints}, {ConnectorChecks.Stored(content.Breaker)}, {content.CaCertificates}, {content.Authentication.Account}, {content.MaxConcurrentCalls}, 1, {connector.CreatedAt}, {connector.CreatedAt})
            on conflict (organization_id, name) do nothing
            """, cancel) == 0)
            return ConnectorErrors.NameTaken;
        await audit.Append(transaction, caller.Organization, new AuditEntry("connector.created", "create", caller.Actor, new AuditResource("connector", connector.Id, connector.Name))
        {
            After = JsonConventions.Object(content),
        }, cancel);
        return default(Done);
    }
}
