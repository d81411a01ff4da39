using System.Globalization;
using System.Text;
using Fluxgate.Server.Security;

namespace Fluxgate.Guards.Tests;

/// <summary>The table of roles in the documentation is made from the code that decides.</summary>
public sealed class RolesGuide
{
    [Fact]
    public void F804_The_table_of_built_in_roles_is_made_from_code()
    {
        var guide = new StringBuilder("""
            # Built-in roles

            What each role may do within its organization. Several roles of a member add up. The names of permissions are
            also the scopes of API keys. This page is made from the code; a test holds it to that.

            """.ReplaceLineEndings("\n"));
        var roles = BuiltInRoles.All.Keys.ToList();
        guide.Append(CultureInfo.InvariantCulture, $"\n| permission | {string.Join(" | ", roles)} |\n|---|{string.Concat(roles.Select(_ => ":-:|"))}\n");
        foreach (var permission in Permissions.All)
            guide.Append(CultureInfo.InvariantCulture, $"| `{permission.Name}` | {string.Join(" | ", roles.Select(r => BuiltInRoles.All[r].Contains(permission) ? "●" : ""))} |\n");
        Repository.AssertSnapshot("docs/guide/roles.md", guide.ToString());
    }

    [Fact]
    public void FX05_A_reviewer_has_the_permissions_of_the_inbox_and_no_other() =>
        Assert.Equal(["reviews:approve", "reviews:read"], BuiltInRoles.All["reviewer"].Select(p => p.Name).Order());
}
