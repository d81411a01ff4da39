using Fluxgate.Core.Kernel;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.SignIn;

/// <summary>A person who begins an organization. Without a slug one is made from the name.</summary>
internal sealed record NewOwner(string Email, string Password, string DisplayName, string OrganizationName, string? OrganizationSlug)
{
    public override string ToString() => $"owner of {OrganizationName}";
}

internal sealed record CreatedOwner(UserId User, OrganizationId Organization, string Slug);

/// <summary>What has to happen in the same transaction as an owner's account: a claim that may refuse it, and what follows from it.</summary>
internal sealed record OwnerOccasion(string Name, Func<Transaction, Task<Error?>>? Claim = null, Func<Transaction, CreatedOwner, Actor, Task>? Then = null);

/// <summary>Makes people and organizations: the one place for sign-up, first set-up, invitations and the configuration's bootstrap.</summary>
internal sealed class Accounts(Database database, Passwords passwords, AuditLog audit, TimeProvider clock)
{
    public static readonly Error EmailTaken = Error.Conflict("user.email_taken", "There is an account with this address; sign in.");

    public async Task<Result<CreatedOwner>> CreateOwner(NewOwner owner, OwnerOccasion occasion, string? network, CancellationToken cancel)
    {
        var slug = owner.OrganizationSlug ?? Slug.From(owner.OrganizationName);
        if (Faults(owner, slug) is { } invalid)
            return invalid;
        var hash = await passwords.Hash(owner.Password, cancel);
        if (hash.Error is { } busy)
            return busy;
        return await database.Platform.Attempt(transaction => Insert(transaction, owner, slug, hash.Value, occasion, network, cancel), cancel);
    }

    /// <summary>A new person; <see cref="EmailTaken"/> if the address has an account.</summary>
    public async Task<Result<UserId>> InsertUser(Transaction transaction, string email, string displayName, string passwordHash, CancellationToken cancel)
    {
        var user = new UserId(Uuid.New(clock));
        return await transaction.Execute($"""
            insert into users (id, email, email_norm, display_name, password_hash, created_at)
            values ({user}, {email.Trim()}, {EmailAddress.Normalise(email)}, {displayName}, {passwordHash}, {clock.GetUtcNow()})
            on conflict (email_norm) do nothing
            """, cancel) == 0 ? EmailTaken : user;
    }

    /// <summary>A new organization with its first owner, recorded as its first event.</summary>
    public async Task<Result<OrganizationId>> InsertOrganization(
        Transaction transaction, string name, string slug, UserId owner, string displayName, Actor actor, string occasion, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var organization = new OrganizationId(Uuid.New(clock));
        if (await transaction.Execute($"""
            insert into organizations (id, slug, name, created_at) values ({organization}, {slug}, {name}, {now})
            on conflict (slug) do nothing
            """, cancel) == 0)
            return Error.Conflict("organization.slug_taken", $"The short name '{slug}' is taken; choose another.");
        await transaction.Execute($"""
            insert into members (organization_id, user_id, email, display_name, roles, created_at)
            values ({organization}, {owner}, {actor.Label}, {displayName}, {new[] { BuiltInRoles.Owner }}, {now})
            """, cancel);
        await audit.Append(transaction, organization, new AuditEntry("organization.created", "create", actor, new AuditResource("organization", organization.Value, name))
        {
            Details = JsonConventions.Object(new { slug, occasion }),
        }, cancel);
        return organization;
    }

    private async Task<Result<CreatedOwner>> Insert(
        Transaction transaction, NewOwner owner, string slug, string passwordHash, OwnerOccasion occasion, string? network, CancellationToken cancel)
    {
        if (occasion.Claim is { } claim && await claim(transaction) is { } refused)
            return refused;
        var user = await InsertUser(transaction, owner.Email, owner.DisplayName, passwordHash, cancel);
        if (user.Error is { } taken)
            return taken;
        var actor = new Actor(ActorKind.User, user.Value.Value, owner.Email.Trim()) { Network = network };
        var organization = await InsertOrganization(transaction, owner.OrganizationName, slug, user.Value, owner.DisplayName, actor, occasion.Name, cancel);
        if (organization.Error is { } conflict)
            return conflict;
        var created = new CreatedOwner(user.Value, organization.Value, slug);
        if (occasion.Then is { } then)
            await then(transaction, created, actor);
        return created;
    }

    private static Error? Faults(NewOwner owner, string slug) => new Checks()
        .That(EmailAddress.IsPlausible(owner.Email.Trim()), "/email", "email", "An e-mail address has one @ and no spaces.")
        .Text(owner.Password, "/password", Passwords.MinLength, Passwords.MaxLength)
        .Text(owner.DisplayName, "/display_name", 1, 200)
        .Text(owner.OrganizationName, "/organization_name", 1, 200)
        .That(Slug.IsValid(slug), "/organization_slug", "slug", "2–63 of a–z, 0–9 and single hyphens.")
        .Error();
}
