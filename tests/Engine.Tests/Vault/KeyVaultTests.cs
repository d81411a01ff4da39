using System.Security.Cryptography;
using System.Text;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Fluxgate.Engine.Tests.Vault;

public sealed class KeyVaultTests
{
    private static readonly Guid Row = new("0192f0c1-0000-7000-8000-000000000001");
    private static readonly byte[] Secret = Encoding.UTF8.GetBytes("a secret of the bank");

    [Fact]
    public async Task A_value_opens_where_it_was_sealed_and_shows_nothing_of_itself()
    {
        var cipher = await NewCipher();
        var value = cipher.Seal(SealedField.CredentialSecret, Row, Secret);
        Assert.Equal(Secret, cipher.Open(SealedField.CredentialSecret, Row, value));
        Assert.Empty(cipher.Open(SealedField.RunValue, Row, cipher.Seal(SealedField.RunValue, Row, [])));
        Assert.Equal(-1, value.AsSpan().IndexOf(Secret.AsSpan(0, 8)));
        // format, algorithm, key version 1, then nonce, text and tag
        Assert.Equal([1, 1, 0, 0, 0, 1], value[..6]);
        Assert.Equal(46 + Secret.Length, value.Length);
        Assert.NotEqual(value, cipher.Seal(SealedField.CredentialSecret, Row, Secret));
    }

    [Fact]
    public async Task A_value_moved_to_another_organization_does_not_open()
    {
        var value = (await NewCipher()).Seal(SealedField.CredentialSecret, Row, Secret);
        var other = await NewCipher();
        Assert.Throws<CryptographicException>(() => other.Open(SealedField.CredentialSecret, Row, value));
    }

    /// <summary>The organization is bound into the value itself, not only by its key: keys may be copied with the rows.</summary>
    [Fact]
    public void A_value_moved_to_another_organization_does_not_open_even_under_the_same_key()
    {
        var (mine, theirs) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var key = new SealingKey(1, RandomNumberGenerator.GetBytes(32));
        var value = key.Seal(mine, SealedField.CredentialSecret, Row, Secret);
        Assert.Equal(Secret, key.Open(mine, SealedField.CredentialSecret, Row, value));
        Assert.Throws<CryptographicException>(() => key.Open(theirs, SealedField.CredentialSecret, Row, value));
        Assert.Throws<CryptographicException>(() => key.Open(Guid.Empty, SealedField.CredentialSecret, Row, value));
    }

    [Fact]
    public async Task A_value_moved_to_another_row_does_not_open()
    {
        var cipher = await NewCipher();
        var value = cipher.Seal(SealedField.CredentialSecret, Row, Secret);
        Assert.Throws<CryptographicException>(() => cipher.Open(SealedField.CredentialSecret, new Guid("0192f0c1-0000-7000-8000-000000000002"), value));
    }

    [Fact]
    public async Task A_value_moved_to_any_other_field_does_not_open()
    {
        var cipher = await NewCipher();
        var value = cipher.Seal(SealedField.CredentialSecret, Row, Secret);
        foreach (var field in Enum.GetValues<SealedField>().Where(f => f != SealedField.CredentialSecret))
            Assert.Throws<CryptographicException>(() => cipher.Open(field, Row, value));
    }

    [Fact]
    public async Task A_value_with_any_byte_changed_or_cut_does_not_open()
    {
        var cipher = await NewCipher();
        var value = cipher.Seal(SealedField.CredentialSecret, Row, Secret);
        for (var i = 0; i < value.Length; i++)
        {
            var altered = (byte[])value.Clone();
            altered[i] ^= 0x01;
            Assert.Throws<CryptographicException>(() => cipher.Open(SealedField.CredentialSecret, Row, altered));
            Assert.Throws<CryptographicException>(() => cipher.Open(SealedField.CredentialSecret, Row, value.AsSpan(0, i)));
        }
        Assert.Throws<CryptographicException>(() => cipher.Open(SealedField.CredentialSecret, Row, [.. value, 0]));
    }

    [Fact]
    public async Task Nodes_that_ask_for_a_new_organizations_keys_at_once_get_the_same()
    {
        var installation = await Installation.Get();
        var organization = new OrganizationId((await installation.NewOrganization()).Organization);
        var (database, root) = (installation.Services.GetRequiredService<Database>(), installation.Services.GetRequiredService<RootKey>());
        var ciphers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => new KeyVault(database, root, TimeProvider.System).For(organization, CancellationToken.None).AsTask()));
        var value = ciphers[0].Seal(SealedField.RunOutput, Row, Secret);
        foreach (var cipher in ciphers)
            Assert.Equal(Secret, cipher.Open(SealedField.RunOutput, Row, value));
        Assert.Equal(2, await installation.Scalar<long>("select count(*) from organization_keys where organization_id = $1", organization.Value));
    }

    [Fact]
    public async Task A_known_organizations_cipher_comes_without_a_wait()
    {
        var installation = await Installation.Get();
        var vault = installation.Services.GetRequiredService<KeyVault>();
        var organization = new OrganizationId((await installation.NewOrganization()).Organization);
        var first = await vault.For(organization, CancellationToken.None);
        var again = vault.For(organization, CancellationToken.None);
        Assert.True(again.IsCompletedSuccessfully);
        Assert.Same(first, await again);
    }

    [Fact]
    public async Task Wrapped_keys_that_change_places_do_not_open()
    {
        var installation = await Installation.Get();
        var (database, root) = (installation.Services.GetRequiredService<Database>(), installation.Services.GetRequiredService<RootKey>());
        var (mine, theirs) = (new OrganizationId((await installation.NewOrganization()).Organization), new OrganizationId((await installation.NewOrganization()).Organization));
        await new KeyVault(database, root, TimeProvider.System).For(mine, CancellationToken.None);
        await new KeyVault(database, root, TimeProvider.System).For(theirs, CancellationToken.None);
        await installation.Execute("""
            update organization_keys m set id = t.id, wrapped = t.wrapped
            from organization_keys t where m.organization_id = $1 and t.organization_id = $2 and t.kind = m.kind
            """, mine.Value, theirs.Value);
        await Assert.ThrowsAsync<CryptographicException>(() => new KeyVault(database, root, TimeProvider.System).For(mine, CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task The_installations_secrets_differ_by_purpose_and_stay_the_same()
    {
        var installation = await Installation.Get();
        var (database, root) = (installation.Services.GetRequiredService<Database>(), installation.Services.GetRequiredService<RootKey>());
        var vault = installation.Services.GetRequiredService<KeyVault>();
        var secrets = new List<string>();
        foreach (var purpose in Enum.GetValues<InstallationSecret>())
        {
            var (version, secret) = await vault.InstallationSecret(purpose, CancellationToken.None);
            Assert.Equal(32, secret.Length);
            Assert.Equal((version, Convert.ToHexString(secret)), await new KeyVault(database, root, TimeProvider.System).InstallationSecret(purpose, CancellationToken.None) is var (v, s) ? (v, Convert.ToHexString(s)) : default);
            secrets.Add(Convert.ToHexString(secret));
        }
        Assert.Equal(secrets.Count, secrets.Distinct().Count());
    }

    private static async Task<OrganizationCipher> NewCipher()
    {
        var installation = await Installation.Get();
        var organization = (await installation.NewOrganization()).Organization;
        return await installation.Services.GetRequiredService<KeyVault>().For(new OrganizationId(organization), CancellationToken.None);
    }
}
