using System.Globalization;
using System.Text;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;
using Fluxgate.Testing;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Fluxgate.Server.Tests.Access;

/// <summary>
/// Every endpoint, asked by everybody who should not get in. What they hear is committed, so that whoever reviews a change
/// reads what it opens. Generated from the endpoints themselves: a new one is in it without anybody thinking of it.
/// </summary>
public sealed class AccessMatrixTests
{
    private static readonly string File = Path.Combine(WorkingTree.Root, "docs", "security", "access-matrix.md");

    private sealed record Row(string Operation, string Route, HttpMethod Method, EndpointAccess Access, ResourceAccess? Resource);

    [Fact]
    public async Task F804_Who_is_refused_at_each_endpoint_is_what_the_matrix_says()
    {
        var installation = await Installation.Get();
        var asked = await Strangers.Gather(installation);
        var matrix = new StringBuilder(Head);
        var faults = new List<string>();
        foreach (var row in Rows(installation).Where(r => r.Access.Kind != AccessKind.Open))
        {
            var answers = await asked.Ask(row.Method, row.Route, row.Access, row.Resource);
            matrix.Append(CultureInfo.InvariantCulture, $"| `{row.Operation}` | {Needs(row)} | {string.Join(" | ", answers)} |\n");
            faults.AddRange(answers.Where((answer, column) => !IsRefusal(answer, column, row)).Select(answer => $"{row.Operation}: {answer}"));
        }
        matrix.Append("\n## Open to everybody\n\n| operation | why |\n|---|---|\n");
        foreach (var row in Rows(installation).Where(r => r.Access.Kind == AccessKind.Open))
            matrix.Append(CultureInfo.InvariantCulture, $"| `{row.Operation}` | {row.Access.Reason} |\n");
        Assert.Empty(faults);
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
            await System.IO.File.WriteAllTextAsync(File, matrix.ToString());
        Assert.Equal(await System.IO.File.ReadAllTextAsync(File), matrix.ToString());
    }

    /// <summary>Whatever the committed file says: nobody of these ever gets in, but a reviewer to reviews; and the question itself was a good one.</summary>
    private static bool IsRefusal(string answer, int column, Row row) => answer switch
    {
        "–" => true,
        "404 route.not_found" => false,
        _ when column == ReviewerColumn && (row.Access.Permission == Permissions.ReviewsRead || row.Access.Permission == Permissions.ReviewsDecide) => true,
        _ => answer.StartsWith("401 ", StringComparison.Ordinal) || answer.StartsWith("403 ", StringComparison.Ordinal) || answer.StartsWith("404 ", StringComparison.Ordinal),
    };

    private const int ReviewerColumn = 4;

    private const string Head = """
        # Who is refused where

        What each endpoint answers to those who should not get in. Made by asking a running server; a test holds it to that, and
        `UPDATE_SNAPSHOTS=1` rewrites it. *other scope*: a live key with another scope than the one needed. *role none*, *reviewer*:
        a member with that role alone. *other organization*: somebody with every permission in their own organization, with the id of
        a resource of another. *kept to others*: every permission but `resources:all`, with the id of a resource of the own
        organization that only others are granted.

        | operation | needs | anonymous | expired key | other scope | role none | reviewer | other organization | kept to others |
        |---|---|:-:|:-:|:-:|:-:|:-:|:-:|:-:|

        """;

    private static string Needs(Row row) => row.Access.Permission is not { } permission
        ? "a signed-in person"
        : row.Resource is { } resource ? $"`{permission}`, {Core.Kernel.SnakeCase.From(resource.Right)} {(resource.OfRun ? "the run's workflow" : $"the {Core.Kernel.SnakeCase.From(resource.Kind)}")}" : $"`{permission}`";

    private static IEnumerable<Row> Rows(TestInstallation installation) =>
        from endpoint in installation.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let access = endpoint.Metadata.GetMetadata<EndpointAccess>()
        where access is not null
        let methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        let name = endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? $"{methods[0]} {endpoint.RoutePattern.RawText}"
        orderby name
        select new Row(name, endpoint.RoutePattern.RawText!, new HttpMethod(methods[0]), access, endpoint.Metadata.GetMetadata<ResourceAccess>());
}
