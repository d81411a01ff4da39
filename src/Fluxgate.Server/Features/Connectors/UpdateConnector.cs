using System.Text.Json;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Connections;
using Fluxgate.Server.Hosting;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Connectors;

/// <summary>Everything but the name. Another host must be one that the credential allows, and a credential takes a new host only with its secret.</summary>
public sealed record UpdateConnectorRequest(string Description, string BaseUrl, ConnectorAuthenticationSetting Authentication, ConnectorEndpointSetting[] Endpoints, BreakerSetting? Breaker = null, string? CaCertificates = null, int? MaxConcurrentCalls = null);

internal static class UpdateConnector
{
    public static async Task<Reply<ConnectorResponse>> Handle(
        Guid id, UpdateConnectorRequest request, OrganizationCaller caller, HttpContext context,
        Database database, InstallationOptions installation, AuditLog audit, TimeProvider clock, CancellationToken cancel)
    {
        var version = EntityTag.Required(context);
        if (version.Error is { } missing)
            return missing;
        var content = new ConnectorContent(request.Description, request.BaseUrl, request.Authentication, request.Endpoints, request.Breaker, request.CaCertificates, request.MaxConcurrentCalls);
        if (new Checks().Content(content, installation.Profile).Error() is { } invalid)
            return invalid;
        var result = await database.As(caller).Attempt(
            transaction => Apply(transaction, id, version.Value, content, caller, audit, clock.GetUtcNow(), cancel), cancel);
        if (result.Succeeded)
            EntityTag.Show(context, result.Value.Version);
        return result;
    }

    private static async Task<Result<ConnectorResponse>> Apply(
        Transaction transaction, Guid id, int version, ConnectorContent content, OrganizationCaller caller, AuditLog audit, DateTimeOffset now, CancellationToken cancel)
    {
        var row = await transaction.QueryOptional<ConnectorRow>($"""
            {ConnectorRow.Selection} where c.organization_id = {caller.Organization} and c.id = {id} for update of c
            """, cancel);
        if (row is null)
            return ConnectorErrors.NotFound;
        if (row.Version != version)
            return EntityTag.Stale;
        // Also when the connector had it before: an edit may send the account to an endpoint of the editor's.
        if (content.Authentication.Account is { } account && account != caller.User)
            return ConnectorErrors.OthersAccount;
        var credential = await ConnectorChecks.Credential(transaction, caller, content, cancel);
        if (credential.Error is { } refused)
            return refused;
        var endpoints = JsonSerializer.Serialize(content.Endpoints, ConnectionCatalog.StoredJson);
        var next = row with
        {
            Description = content.Description, BaseUrl = content.BaseUrl, Authentication = content.Authentication.Type, Credential = content.Authentication.Credential,
            Endpoints = endpoints, Breaker = ConnectorChecks.Stored(content.Breaker).Text, CaCertificates = content.CaCertificates, AccountUserId = content.Authentication.Account, MaxConcurrentCalls = content.MaxConcurrentCalls, Version = version + 1, UpdatedAt = now,
        };
        await transaction.Execute($"""
            update connectors
            set description = {next.Description}, base_url = {next.BaseUrl}, authentication = {next.Authentication}, credential_id = {credential.Value},
                endpoints = {new Jsonb(endpoints)}, breaker = {ConnectorChecks.Stored(content.Breaker)}, ca_certificates = {content.CaCertificates}, account_user_id = {content.Authentication.Account}, max_concurrent_calls = {content.MaxConcurrentCalls}, version = {next.Version}, updated_at = {now}
            where organization_id = {caller.Organization} and id = {id}
            """, cancel);
        // Another address is another service, of which no failure is known.
        if (row.BaseUrl != next.BaseUrl)
        {
            await transaction.Execute($"delete from connector_breakers where organization_id = {caller.Organization} and connector_id = {id}", cancel);
            next = next with { BreakerState = null, BreakerFailures = null, BreakerUntil = null };
        }
        var before = row.ToResponse();
        await audit.Append(transaction, caller.Organization, new AuditEntry("connector.updated", "update", caller.Actor, new AuditResource("connector", id, row.Name))
        {
            Before = JsonConventions.Object(new { before.Description, before.BaseUrl, before.Authentication, before.Endpoints, before.Breaker, before.CaCertificates, before.MaxConcurrentCalls }),
            After = JsonConventions.Object(content),
        }, cancel);
        return next.ToResponse();
    }
}
