using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Engine.Deliveries;
using Fluxgate.Server.Hosting;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.WebhookEndpoints;

/// <summary><paramref name="EventTypes"/>: names such as <c>review.created</c>, or <c>*</c> for all.</summary>
public sealed record CreateWebhookEndpointRequest(string Name, string Url, IReadOnlyList<string> EventTypes);

/// <summary>The new endpoint. <paramref name="Secret"/> signs its deliveries (Standard Webhooks) and is shown this once.</summary>
public sealed record CreatedWebhookEndpoint(Guid Id, string Name, string Url, IReadOnlyList<string> EventTypes, string Secret);

internal static partial class CreateWebhookEndpoint
{
    [GeneratedRegex("^([a-z][a-z0-9_]*(\\.[a-z0-9_]+){0,5}|\\*)$")]
    private static partial Regex EventType();

    public static async Task<Created<CreatedWebhookEndpoint>> Handle(
        OrganizationCaller caller, CreateWebhookEndpointRequest request, Database database, KeyVault vault, AuditLog audit, InstallationOptions installation,
        TimeProvider clock, CancellationToken cancel)
    {
        if (Faults(request, installation) is { } invalid)
            return invalid;
        var id = Uuid.New(clock);
        var secret = StandardWebhooks.NewSecret();
        var cipher = await vault.For(caller.Organization, cancel);
        await database.As(caller).Transact(async transaction =>
        {
            await transaction.Execute($"""
                insert into webhook_endpoints (organization_id, id, name, url, event_types, secret, enabled, revision, created_at)
                values ({caller.Organization}, {id}, {request.Name}, {request.Url}, {request.EventTypes.ToArray()},
                    {cipher.Seal(SealedField.WebhookEndpointSecret, id, Encoding.UTF8.GetBytes(secret))}, true, 1, {clock.GetUtcNow()})
                """, cancel);
            await audit.Append(transaction, caller.Organization, new AuditEntry("webhook_endpoint.created", "create", caller.Actor, new AuditResource("webhook_endpoint", id, request.Name))
            {
                After = new JsonObject { ["url"] = request.Url, ["event_types"] = new JsonArray([.. request.EventTypes.Select(t => (JsonNode)t)]) },
            }, cancel);
        }, cancel);
        return Created<CreatedWebhookEndpoint>.At(id, new CreatedWebhookEndpoint(id, request.Name, request.Url, request.EventTypes, secret));
    }

    private static Error? Faults(CreateWebhookEndpointRequest request, InstallationOptions installation)
    {
        var isHttps = Uri.TryCreate(request.Url, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps;
        var isHttp = url?.Scheme == Uri.UriSchemeHttp && installation.Profile == Profile.Development;
        return new Checks()
            .Text(request.Name, "/name", 1, 200)
            .Text(request.Url, "/url", 1, 2000)
            .That((isHttps || isHttp) && url!.UserInfo.Length == 0 && url.Fragment.Length == 0, "/url", "url", "An https address without user name and fragment (http in development only).")
            .That(request.EventTypes.Count is >= 1 and <= 100 && request.EventTypes.All(t => t.Length <= 100 && EventType().IsMatch(t)), "/event_types", "event_types", "1–100 event types such as review.created, or * for all.")
            .Error();
    }
}
