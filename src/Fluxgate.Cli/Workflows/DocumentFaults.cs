using System.Text.Json.Nodes;
using Fluxgate.Cli.Connection;
using Fluxgate.Client;

namespace Fluxgate.Cli.Workflows;

/// <summary>Faults of a document as compilers print them, so that editors jump to them: <c>file:line:column pointer message</c>.</summary>
internal static class DocumentFaults
{
    /// <summary>Prints the faults that the error locates; false if it locates none.</summary>
    public static bool Print(string file, FluxgateException error) => Print(file, error.Problem?["errors"] as JsonArray);

    /// <inheritdoc cref="Print(string, FluxgateException)"/>
    public static bool Print(string file, JsonArray? faults)
    {
        foreach (var fault in faults ?? [])
            Console.Error.WriteLine(Table.OneLine($"{file}:{Place(fault, "line")}:{Place(fault, "column")} {Pointer(fault)} {Table.Cell(fault, "message")}"));
        return faults is { Count: > 0 };
    }

    private static string Place(JsonNode? fault, string member) => fault?[member] is null ? "1" : Table.Cell(fault, member);

    /// <summary>The whole document is the empty pointer, which nobody would see.</summary>
    private static string Pointer(JsonNode? fault) => Table.Cell(fault, "pointer") is { Length: > 0 } pointer ? pointer : "/";
}
