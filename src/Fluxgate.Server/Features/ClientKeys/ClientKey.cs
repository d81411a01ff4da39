using System.Text.Json.Nodes;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Limits;

namespace Fluxgate.Server.Features.ClientKeys;

/// <summary>
/// A publishable key. <paramref name="Key"/> is no secret. <paramref name="AMinute"/>: requests a minute of all visitors
/// together; null is what the installation takes.
/// </summary>
public sealed record ClientKeyResponse(Guid Id, string Name, string Key, IReadOnlyList<string> Origins, long? AMinute, UserId? CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt, int Revision);

/// <summary><paramref name="Name"/>: 1–100 characters on one line. <paramref name="Origins"/>: 1–20 such as https://shop.example.com. <paramref name="AMinute"/>: at most what the installation takes.</summary>
public sealed record ClientKeyRequest(string Name, string[] Origins, long? AMinute = null);

internal sealed record ClientKeyRow(Guid Id, string Name, string Key, string[] Origins, long? AMinute, UserId? CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt, int Revision)
{
    private const int MostOrigins = 20;

    public static readonly Error NotFound = Error.NotFound("client_key");
    public static readonly Error Revoked = Error.Conflict("client_key.revoked", "This key is revoked for good; make a new one.");

    public static Sql Columns => $"id, name, key, origins, a_minute, created_by, created_at, revoked_at, revision";

    public static Sql Of(OrganizationCaller caller, Guid id) => $"select {Columns} from client_keys where organization_id = {caller.Organization} and id = {id}";

    public ClientKeyResponse ToResponse() => new(Id, Name, Key, Origins, AMinute, CreatedBy, CreatedAt, RevokedAt, Revision);

    public AuditResource Resource => new("client_key", Id, Name);

    public JsonObject Shown() => JsonConventions.Object(new { Name, Origins, AMinute });

    public static Error? Faults(ClientKeyRequest request, LimitLeases leases)
    {
        var most = leases.Configured(LimitName.ClientKey).Quota;
        var checks = new Checks()
            .OneLine(request.Name.Trim(), "/name", 1, 100)
            .That(request.Origins.Length is >= 1 and <= MostOrigins, "/origins", "length", $"Between 1 and {MostOrigins} origins.")
            .That(request.AMinute is null or >= 1, "/a_minute", "range", "1 or more.")
            .That(request.AMinute is null || request.AMinute <= most, "/a_minute", "wider", $"The installation takes {most}; ask its operator.");
        for (var i = 0; i < request.Origins.Length && i < MostOrigins; i++)
            checks.That(Security.Origins.Is(request.Origins[i]), $"/origins/{i}", "origin", "An origin as browsers send it, such as https://shop.example.com; http is for this machine alone, and there are no wildcards.");
        return checks.Error();
    }
}
