using Fluxgate.Testing;
using static Fluxgate.Server.Tests.Access.AccessSteps;

namespace Fluxgate.Server.Tests.Cli;

public sealed class AccessCommandTests
{
    [Fact]
    public async Task F805_Access_is_shown_set_and_explained()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var viewer = await owner.NewMember(installation, "viewer");
        using var shell = await CommandLine.LoggedIn(installation, owner);
        async Task<string> Run(params string[] arguments)
        {
            var (exit, output, error) = await shell.Run(null, arguments);
            Assert.Equal((0, ""), (exit, error));
            return output;
        }

        await owner.Publish(Document("invoices"));
        await Run("folders", "create", "Finance");
        await Run("folders", "move", "invoices", "--to", "finance");
        await Run("access", "set", "folder", "finance", "--mode", "selected", "--grant", $"member:{viewer.Email}=view");
        Assert.Matches(@"Finance\s+selected", await Run("folders", "list"));
        var shown = await Run("access", "show", "workflow", "invoices");
        Assert.Contains("folder: Finance, selected", shown, StringComparison.Ordinal);
        Assert.Matches($@"{viewer.Email}\s+view\s+grant to this member on the folder Finance", shown);
        Assert.Matches(@"run\s+no\s+no_permission", await Run("access", "explain", "workflow", "invoices", "--member", viewer.Email));

        Assert.Contains("access.unknown_subject", (await shell.Run(null, "access", "set", "folder", "finance", "--mode", "everyone", "--grant", "group:nobody=view")).Error, StringComparison.Ordinal);
        Assert.Contains("folder.not_empty", (await shell.Run(null, "folders", "delete", "finance")).Error, StringComparison.Ordinal);
        await Run("access", "set", "folder", "finance", "--mode", "everyone");
        await Run("folders", "move", "invoices");
        await Run("folders", "delete", "finance");
    }

    [Fact]
    public async Task F804_Roles_are_made_changed_and_deleted()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        using var shell = await CommandLine.LoggedIn(installation, owner);
        Assert.Equal(0, (await shell.Run(null, "roles", "set", "auditor", "--permission", "audit:read")).Exit);
        Assert.Equal(0, (await shell.Run(null, "roles", "set", "auditor", "--permission", "audit:read", "--permission", "members:read")).Exit);
        Assert.Matches(@"auditor\s+here\s+audit:read members:read", (await shell.Run(null, "roles", "list")).Out);
        Assert.Equal(0, (await shell.Run(null, "roles", "delete", "auditor")).Exit);
        Assert.Contains("role.built_in", (await shell.Run(null, "roles", "delete", "viewer")).Error, StringComparison.Ordinal);
    }
}
