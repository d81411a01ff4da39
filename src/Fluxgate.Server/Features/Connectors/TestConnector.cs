using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Egress;
using Fluxgate.Engine.Connections;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Connectors;

/// <summary>
/// <paramref name="Endpoint"/> is called last if it is named: one without parameters in its path, and of the method GET
/// unless <paramref name="AllowChanges"/> says that the call may change something.
/// </summary>
public sealed record TestConnectorRequest(string? Endpoint = null, bool AllowChanges = false);

public sealed record ConnectionStageFault(string Code, string Message);

/// <summary>One stage. <paramref name="Tls"/> is there after the stage tls, <paramref name="Status"/> after an answered call.</summary>
public sealed record ConnectionStageResponse(ConnectionStage Stage, bool Passed, int Milliseconds, ConnectionStageFault? Error, TlsFacts? Tls, int? Status);

/// <summary>The stages that were tried; the first that fails is the last.</summary>
public sealed record ConnectionTestResponse(bool Passed, IReadOnlyList<ConnectionStageResponse> Stages);

internal static class TestConnector
{
    public static async Task<Reply<ConnectionTestResponse>> Handle(
        Guid id, TestConnectorRequest request, OrganizationCaller caller, Database database, ConnectionCatalog connections, ConnectionTest test, AuditLog audit, CancellationToken cancel)
    {
        var name = await database.As(caller).QueryOptional<string>($"select name from connectors where organization_id = {caller.Organization} and id = {id}", cancel);
        if (name is null)
            return ConnectorErrors.NotFound;
        var connector = await connections.Resolve(caller.Organization, name, cancel);
        if (connector.Error is { } unusable)
            return unusable;
        var endpoint = request.Endpoint is { } wanted ? connector.Value.Endpoint(wanted) : null;
        var checks = new Checks()
            .That(request.Endpoint is null || endpoint is not null, "/endpoint", "unknown", "The connector has no such endpoint.")
            .That(endpoint is null || !endpoint.Path.Contains('{', StringComparison.Ordinal), "/endpoint", "parameters", "An endpoint without parameters in its path.")
            .That(endpoint is null || endpoint.Method == "GET" || request.AllowChanges, "/allow_changes", "required", "This endpoint is no GET; a call may change something.");
        if (checks.Error() is { } invalid)
            return invalid;

        var stages = await test.Run(connector.Value, endpoint, cancel);
        var passed = stages.All(s => s.Error is null);
        await database.As(caller).Transact(transaction => audit.Append(transaction, caller.Organization, new AuditEntry("connector.tested", "execute", caller.Actor, new AuditResource("connector", id, name))
        {
            Result = passed ? "success" : "failed",
            Details = new JsonObject
            {
                ["host"] = connector.Value.BaseUrl.Authority,
                ["credential"] = connector.Value.Credential?.Name,
                ["endpoint"] = endpoint?.Name,
                ["stages"] = new JsonArray([.. stages.Select(s => (JsonNode)new JsonObject { ["stage"] = SnakeCase.From(s.Stage), ["error"] = s.Error?.Code, ["milliseconds"] = s.Milliseconds })]),
            },
        }, cancel), cancel);
        return new ConnectionTestResponse(passed, [.. stages.Select(s => new ConnectionStageResponse(
            s.Stage, s.Error is null, s.Milliseconds, s.Error is { } error ? new ConnectionStageFault(error.Code, error.Message) : null, s.Tls, s.Status))]);
    }
}
