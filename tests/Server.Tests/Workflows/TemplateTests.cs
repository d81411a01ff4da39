using Fluxgate.Server.Tests.Cli;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Workflows;

public sealed class TemplateTests
{
    [Fact]
    public async Task FK11_Every_template_is_a_draft_that_lacks_nothing_but_what_an_organization_brings()
    {
        var owner = await (await Installation.Get()).NewOrganization();
        var templates = (await owner.Get("/templates").Success()).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["hello", "ask-a-person", "call-a-service", "each-item", "every-morning", "new-in-a-feed"], templates.Select(t => t.Text("name")));
        foreach (var template in templates)
        {
            var document = new { document = template.Text("document"), format = template.Text("format") };
            Assert.Equal(template.Text("title"), (await owner.Post("/workflows", document).Success()).Text("name"));
            var missing = (await owner.Post("/workflows/validate", document).Success()).GetProperty("errors").EnumerateArray().Select(e => e.Text("code"));
            Assert.Empty(missing.Except(["connector.not_found", "credential.not_found"]));
            Assert.EndsWith(".", template.Text("description"), StringComparison.Ordinal);
        }
        // The first runs as it is.
        Assert.Equal("Hello, Ada!", (await owner.RunOnce(templates[0].Text("document").Replace("name: Hello", "name: Hello Ada", StringComparison.Ordinal), new { name = "Ada" })).GetProperty("output").Text("greeting"));
    }

    [Fact]
    public async Task FK11_The_command_line_prints_a_template_that_can_be_applied()
    {
        var installation = await Installation.Get();
        using var shell = await CommandLine.LoggedIn(installation, await installation.NewOrganization());
        Assert.Contains("each-item", (await shell.Run(null, "workflows", "templates")).Out, StringComparison.Ordinal);
        var (exit, document, _) = await shell.Run(null, "workflows", "templates", "each-item");
        Assert.Equal(0, exit);
        var file = shell.Write("each.yaml", document);
        Assert.Equal($"{file}: Each item: created", (await shell.Run(null, "workflows", "apply", file)).Out.Trim());
        Assert.Contains("template.not_found", (await shell.Run(null, "workflows", "templates", "none")).Error, StringComparison.Ordinal);
    }
}
