using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Features.SignIn;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Organizations;

/// <summary>A further organization of a signed-in person, who becomes its owner. Without a slug one is made from the name.</summary>
public sealed record CreateOrganizationRequest(string Name, string? Slug = null);

internal static class CreateOrganization
{
    private static readonly Error NotAllowed = new("organization.creation_closed", ErrorKind.Forbidden, "Here only owners of an organization make further ones.");

    public static async Task<Created<OrganizationResponse>> Handle(
        CreateOrganizationRequest request, PersonCaller caller, Database database, Accounts accounts, SignInOptions options, TimeProvider clock, CancellationToken cancel)
    {
        var slug = request.Slug ?? Slug.From(request.Name);
        if (new Checks().Text(request.Name, "/name", 1, 200).That(Slug.IsValid(slug), "/slug", "slug", "2–63 of a–z, 0–9 and single hyphens.").Error() is { } invalid)
            return invalid;
        var now = clock.GetUtcNow();
        var result = await database.Platform.Attempt<OrganizationId>(async transaction =>
        {
            if (options.Registration != Registration.Open && !await IsOwnerSomewhere(transaction, caller.User, cancel))
                return NotAllowed;
            return await accounts.InsertOrganization(transaction, request.Name, slug, caller.User, caller.DisplayName, caller.Actor, "further", cancel);
        }, cancel);
        return result.Error is { } error
            ? error
            : Created<OrganizationResponse>.At(slug, new OrganizationResponse(result.Value, slug, request.Name, now));
    }

    private static async Task<bool> IsOwnerSomewhere(Transaction transaction, UserId user, CancellationToken cancel) =>
        await transaction.QueryOne<bool>($"select exists (select from members where user_id = {user} and {BuiltInRoles.Owner} = any (roles))", cancel);
}
