using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Engine.Connections;

namespace Fluxgate.Server.Features.Credentials;

/// <summary>A credential without its secret, which no answer ever holds. <paramref name="SecretVersion"/> counts the secrets entered so far.</summary>
public sealed record CredentialResponse(
    Guid Id, string Name, string Description, CredentialType Type, IReadOnlyList<string> AllowedHosts, int SecretVersion, int Version,
    UserId? CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

internal sealed record CredentialRow(
    Guid Id, string Name, string Description, CredentialType Type, string[] AllowedHosts, int SecretVersion, int Version,
    UserId? CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    /// <summary>Every column but the secret.</summary>
    public static Sql Columns => $"id, name, description, type, allowed_hosts, secret_version, version, created_by, created_at, updated_at";

    public CredentialResponse ToResponse() => new(Id, Name, Description, Type, AllowedHosts, SecretVersion, Version, CreatedBy, CreatedAt, UpdatedAt);
}

internal static class CredentialErrors
{
    public static readonly Error NotFound = Error.NotFound("credential");
    public static readonly Error NameTaken = Error.Conflict("credential.name_taken", "There is a credential with this name.");
    public static readonly Error InUse = Error.Conflict("credential.in_use", "A connector uses this credential; change or delete the connector first.");

    /// <summary>Otherwise whoever may edit a credential could send its secret to a host of their own and read it there.</summary>
    public static readonly Error SecretRequired = Error.Refused(
        "credential.secret_required", "A new host needs the secret to be entered again.", [new FieldError("/secret", "required", "Enter the secret again.")]);
}
