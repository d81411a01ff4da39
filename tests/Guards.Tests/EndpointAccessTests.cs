using Fluxgate.Server.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Fluxgate.Guards.Tests;

public sealed class EndpointAccessTests
{
    [Fact]
    public async Task Every_endpoint_says_who_may_call_it()
    {
        var installation = await Installation.Get();
        var endpoints = installation.Services.GetRequiredService<EndpointDataSource>().Endpoints;
        Assert.NotEmpty(endpoints);
        foreach (var endpoint in endpoints)
        {
            var access = Assert.Single(endpoint.Metadata.GetOrderedMetadata<EndpointAccess>());
            if (access.Kind == AccessKind.Organization)
                Assert.Contains(access.Permission, Permissions.All);
            if (access.Kind == AccessKind.Open)
                Assert.False(string.IsNullOrWhiteSpace(access.Reason), $"{endpoint.DisplayName} is open without a reason.");
        }
    }

    [Fact]
    public void A_server_with_an_endpoint_that_does_not_say_refuses_to_start()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRouting();
        IEndpointRouteBuilder web = builder.Build();
        web.MapGet("/declared", () => "x").IsOpen("a test");
        web.RefuseUndeclaredAccess();

        web.MapGet("/forgotten", () => "x");
        var refusal = Assert.Throws<InvalidOperationException>(web.RefuseUndeclaredAccess);
        Assert.Contains("/forgotten", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_permission_belongs_to_a_role_and_is_named_resource_colon_verb()
    {
        var granted = BuiltInRoles.All.Values.SelectMany(p => p).ToHashSet();
        Assert.Empty(Permissions.All.Except(granted));
        Assert.All(Permissions.All, p => Assert.Matches("^[a-z_]+:[a-z]+$", p.Name));
        Assert.Equal(Permissions.All.Count, Permissions.All.Select(p => p.Name).Distinct().Count());
    }
}
