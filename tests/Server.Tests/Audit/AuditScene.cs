using System.Text.Json;
using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Fluxgate.Server.Tests.Audit;

/// <summary>An organization whose log a test writes to, as a handler would, and reads over HTTP.</summary>
internal sealed class AuditScene(TestInstallation installation, TestMember owner)
{
    public TestInstallation Installation => installation;

    public TestMember Owner => owner;

    public static async Task<AuditScene> New()
    {
        var installation = await Tests.Installation.Get();
        return new AuditScene(installation, await installation.NewOrganization());
    }

    public Actor Actor => new(ActorKind.User, owner.UserId, owner.Email) { Network = "192.0.2.7" };

    public static AuditEntry Entry(Actor actor, string type = "workflow.updated", string action = "update", string? name = "Invoices") =>
        new(type, action, actor, new AuditResource("workflow", new Guid("0192f0c1-0000-7000-8000-00000000000a"), name));

    public Task Append(AuditEntry entry) => Append([entry]);

    /// <summary>Each entry in a transaction of its own.</summary>
    public async Task Append(IEnumerable<AuditEntry> entries)
    {
        var organization = new OrganizationId(owner.Organization);
        var log = installation.Services.GetRequiredService<AuditLog>();
        foreach (var entry in entries)
            await installation.Services.GetRequiredService<Database>().Tenant(organization, new UserId(owner.UserId))
                .Transact(transaction => log.Append(transaction, organization, entry, CancellationToken.None), CancellationToken.None);
    }

    /// <summary>Some entries, all sealed.</summary>
    public async Task AppendSealed(int count)
    {
        await Append(Enumerable.Range(0, count).Select(i => Entry(Actor, name: $"Workflow {i}") with { Before = new JsonObject { ["step"] = i }, After = new JsonObject { ["step"] = i + 1 } }));
        await Sealed();
    }

    public Task Sealed() => Condition.Holds(async () => (await VerifyLog()).GetProperty("pending").GetInt64() == 0, "every event is sealed");

    public async Task<JsonElement> VerifyLog() => await owner.Post("/audit/verify", null).Success();

    public async Task<JsonElement> Verify(Guid id) => await owner.Get($"/audit-events/{id}/verify").Success();

    public async Task<JsonElement[]> List(string query = "") => [.. (await owner.Get($"/audit-events{query}").Success()).GetProperty("items").EnumerateArray()];
}
