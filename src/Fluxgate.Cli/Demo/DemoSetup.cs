using System.Text.Json.Nodes;
using Fluxgate.Client;

namespace Fluxgate.Cli.Demo;

/// <summary>
/// Furnishes the demo organization through the API alone, as its people would. Each step may find its work done, so a
/// demo that was killed anywhere goes on from there.
/// </summary>
internal sealed class DemoSetup(Uri server, int servicesPort, DemoState state, DemoServices services, string directory)
{
    private readonly Uri outside = new($"http://{DemoServices.Host}:{servicesPort}");

    public async Task Run(CancellationToken cancel)
    {
        using var owner = await SignIn(DemoPeople.Operator, cancel);
        foreach (var person in DemoPeople.Invited)
            await Invite(owner, person, cancel);
        await MakeFinanceGroup(owner, cancel);
        using var builder = await SignIn(DemoPeople.Builder, cancel);
        await MakeConnections(builder, cancel);
        await MakeWebhookEndpoint(builder, cancel);
        await PublishWorkflow(builder, cancel);
    }

    public async Task<FluxgateClient> SignIn(DemoPerson person, CancellationToken cancel)
    {
        var client = new FluxgateClient(server) { Organization = DemoPeople.OrganizationSlug };
        await client.SignIn(person.Email, state.Password, cancel);
        return client;
    }

    private async Task Invite(FluxgateClient owner, DemoPerson person, CancellationToken cancel)
    {
        await foreach (var member in owner.List("/members", cancel))
            if (member["email"]!.GetValue<string>() == person.Email)
                return;
        await foreach (var open in owner.List("/invitations", cancel))
            if (open["email"]!.GetValue<string>() == person.Email)
                await owner.Send(HttpMethod.Delete, $"/v1/orgs/{DemoPeople.OrganizationSlug}/invitations/{open["id"]}", null, cancel);
        var invitation = await owner.Post("/invitations", new JsonObject { ["email"] = person.Email, ["roles"] = Array(person.Roles) }, cancel);
        using var stranger = new FluxgateClient(server);
        await stranger.Send(HttpMethod.Post, "/v1/invitations/accept", new JsonObject
        {
            ["token"] = invitation!["token"]!.GetValue<string>(),
            ["display_name"] = person.DisplayName,
            ["password"] = state.Password,
        }, cancel);
    }

    private static async Task MakeFinanceGroup(FluxgateClient owner, CancellationToken cancel)
    {
        await Unless(Conflict, () => owner.Post("/groups", new JsonObject { ["name"] = "finance" }, cancel));
        string? group = null, reviewer = null;
        await foreach (var found in owner.List("/groups", cancel))
            if (found["name"]!.GetValue<string>() == "finance")
                group = found["id"]!.GetValue<string>();
        await foreach (var member in owner.List("/members", cancel))
            if (member["email"]!.GetValue<string>() == DemoPeople.Reviewer.Email)
                reviewer = member["user_id"]!.GetValue<string>();
        await owner.Put($"/groups/{group}/members", new JsonObject { ["user_ids"] = Array([reviewer!]) }, cancel);
    }

    private async Task MakeConnections(FluxgateClient builder, CancellationToken cancel)
    {
        await Unless(Conflict, () => builder.Post("/credentials", new JsonObject
        {
            ["name"] = "erp-token",
            ["type"] = "bearer",
            ["description"] = "What the ERP knows us by.",
            ["allowed_hosts"] = Array([outside.Authority]),
            ["secret"] = new JsonObject { ["token"] = state.ErpToken },
        }, cancel));
        await Unless(Conflict, () => builder.Post("/credentials", new JsonObject
        {
            ["name"] = "erp-inbound",
            ["type"] = "hmac",
            ["description"] = "Signs the invoices that come in.",
            ["allowed_hosts"] = Array([DemoServices.Host]),
            ["secret"] = new JsonObject { ["secret"] = state.InboundSecret },
        }, cancel));
        await Unless(Conflict, () => builder.Post("/connectors", new JsonObject
        {
            ["name"] = "erp",
            ["description"] = "The enterprise resource planning system.",
            ["base_url"] = new Uri(outside, "/erp").AbsoluteUri,
            ["authentication"] = new JsonObject { ["type"] = "bearer", ["credential"] = "erp-token" },
            ["endpoints"] = new JsonArray(new JsonObject { ["name"] = "create_invoice", ["method"] = "POST", ["path"] = "/invoices", ["timeout_seconds"] = 10 }),
        }, cancel));
    }

    private async Task MakeWebhookEndpoint(FluxgateClient builder, CancellationToken cancel)
    {
        if (services.WebhookSecret is not null)
            return;
        var created = await builder.Post("/webhook-endpoints", new JsonObject
        {
            ["name"] = "Bookkeeping",
            ["url"] = new Uri(outside, "/received").AbsoluteUri,
            ["event_types"] = Array(["invoice.posted"]),
        }, cancel);
        var secret = created!["secret"]!.GetValue<string>();
        (state with { WebhookSecret = secret }).Save(directory);
        services.WebhookSecret = secret;
    }

    private static async Task PublishWorkflow(FluxgateClient builder, CancellationToken cancel)
    {
        string? id = null;
        await foreach (var found in builder.List("/workflows", cancel))
            if (found["name"]!.GetValue<string>() == "Invoice approval")
                id = found["state"]!.GetValue<string>() == "draft" ? found["id"]!.GetValue<string>() : "";
        if (id is null)
        {
            var created = await builder.Post("/workflows", new JsonObject { ["document"] = DemoFiles.Workflow(), ["format"] = "yaml" }, cancel);
            id = created!["id"]!.GetValue<string>();
        }
        if (id.Length > 0)
            await builder.Post($"/workflows/{id}/publish", null, cancel);
    }

    private static bool Conflict(FluxgateException e) => e.Status == 409;

    private static async Task Unless(Func<FluxgateException, bool> known, Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (FluxgateException e) when (known(e))
        {
            // An earlier start did this already.
        }
    }

    private static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);
}
