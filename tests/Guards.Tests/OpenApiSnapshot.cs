using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Guards.Tests;

public sealed class OpenApiSnapshot
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task The_served_description_of_the_API_is_the_committed_one()
    {
        var installation = await Installation.Get();
        var document = await installation.Client().Get("/openapi/v1.json").Success();
        Repository.AssertSnapshot("openapi/fluxgate.v1.json", JsonSerializer.Serialize(document, Indented) + "\n");
    }

    [Fact]
    public async Task Every_operation_has_a_name_of_its_own()
    {
        var installation = await Installation.Get();
        var document = await installation.Client().Get("/openapi/v1.json").Success();
        var operations = document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(o => (Where: $"{o.Name} {p.Name}", Operation: o.Value))).ToList();
        Assert.NotEmpty(operations);
        Assert.Empty(operations.Where(o => !o.Operation.TryGetProperty("operationId", out _)).Select(o => o.Where));
        Assert.Empty(operations.GroupBy(o => o.Operation.GetProperty("operationId").GetString()).Where(g => g.Count() > 1).Select(g => g.Key));
    }
}
