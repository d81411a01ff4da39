using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.ApiKeys;

/// <summary>Whoever gets to know a key can do what it can, so nobody makes or rotates one that can do more than they.</summary>
internal static class KeyRights
{
    private static readonly Error NoServiceAccount = Error.Refused("key.no_service_account", "There is no such service account.", [new FieldError("/service_account_id", "unknown", "There is no such service account.")]);

    private static readonly Error Grants = new(
        "key.grants_beyond_own", ErrorKind.Forbidden, "Grants name this key or its service account; whoever makes a key for it could do what they allow, which takes the permission resources:all.");

    /// <summary>The refusal of a key with <paramref name="scopes"/>; <paramref name="rotated"/> is the one that it follows.</summary>
    public static async Task<Error?> Refusal(
        Transaction transaction, OrganizationCaller caller, IReadOnlyCollection<string> scopes, Guid? serviceAccount, Guid? rotated, CancellationToken cancel)
    {
        if (caller.FirstLacking(scopes) is { } beyond)
            return new Error("key.scope_beyond_own", ErrorKind.Forbidden, $"Nobody gives a key what they lack themselves: {beyond}.");
        if (serviceAccount is { } account && await transaction.QueryOptional<Guid?>($"select id from service_accounts where organization_id = {caller.Organization} and id = {account} for key share", cancel) is null)
            return NoServiceAccount;
        var subjects = ((Guid?[])[serviceAccount, rotated]).OfType<Guid>().ToArray();
        return subjects.Length > 0 && !caller.May(Permissions.ResourcesAll)
            && await transaction.QueryOne<bool>($"select exists (select from grants where organization_id = {caller.Organization} and subject_id = any ({subjects}))", cancel)
            ? Grants
            : null;
    }
}
