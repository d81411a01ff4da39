using System.Text.Json;
using System.Text.RegularExpressions;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Access;

/// <summary>An operation by what the API's description says that it needs. <see cref="Kind"/> and <see cref="Right"/> are null where no single resource decides.</summary>
internal sealed record DescribedOperation(HttpMethod Method, string Path, bool TakesBody, string Permission, string? Kind, string? Right, bool OfRun, bool GrantStandsForPermission, bool ListsWhatIsGranted);

/// <summary>Whose request it is. <see cref="Refused"/>: what it hears wherever it asks. <see cref="Grants"/>: by kind, the rights on what is kept to some.</summary>
internal sealed record ModelCaller(string Name, TestClient Client, IReadOnlySet<string> Permissions, string? Refused, IReadOnlyDictionary<string, string[]> Grants)
{
    public bool May(string permission) => Permissions.Contains(permission);

    public IEnumerable<string> RightsOn(string kind) => Grants.TryGetValue(kind, out var rights) ? rights.SelectMany(r => r == "edit" ? ["edit", "view"] : (string[])[r]) : [];
}

/// <summary>Which resource the path names.</summary>
internal enum NamedResource
{
    None,

    /// <summary>One that is everybody's whose role allows it.</summary>
    Shared,

    /// <summary>One that only those reach whom a grant names.</summary>
    Kept,
    OfAnotherOrganization,
    Missing,
}

/// <summary>
/// Who is let in where, as docs/guide/access.md and docs/guide/roles.md tell it: written from them and not from the gate, so
/// that the two can disagree.
/// </summary>
internal static partial class AccessModel
{
    public const string Admitted = "admitted";

    [GeneratedRegex("^Needs the permission `(?<permission>[a-z_:]+)`(?:(?<stands> on an? (?<kind>[a-z]+)(?<ofrun> of the run)? that is everybody's, or a grant to (?<right>[a-z]+) it)|, and to (?<right>[a-z]+) the (?<kind>[a-z]+)(?<ofrun> of the run)?|(?<listed>; roles that act by grants get what those open alone))?\\.$")]
    private static partial Regex Needs();

    public static List<DescribedOperation> Operations(JsonElement document) =>
    [
        .. from path in document.GetProperty("paths").EnumerateObject()
           from operation in path.Value.EnumerateObject()
           let description = operation.Value.TryGetProperty("description", out var text) ? text.GetString()! : ""
           where description.StartsWith("Needs the permission", StringComparison.Ordinal)
           let needs = Needs().Match(description) is { Success: true } match ? match.Groups : throw new FormatException($"The model does not understand: {description}")
           select new DescribedOperation(
               new HttpMethod(operation.Name.ToUpperInvariant()), path.Name, operation.Value.TryGetProperty("requestBody", out _), needs["permission"].Value,
               needs["kind"].Success ? needs["kind"].Value : null, needs["right"].Success ? needs["right"].Value : null, needs["ofrun"].Success, needs["stands"].Success, needs["listed"].Success),
    ];

    /// <summary>The permissions of each built-in role, from the table of the guide.</summary>
    public static Dictionary<string, HashSet<string>> Roles(string guide)
    {
        static string[] Cells(string line) => [.. line.Trim().Trim('|').Split('|').Select(c => c.Trim())];
        var table = guide.Split('\n').Where(l => l.StartsWith('|')).ToArray();
        var names = Cells(table[0])[1..];
        var roles = names.ToDictionary(n => n, _ => new HashSet<string>(StringComparer.Ordinal));
        foreach (var cells in table.Skip(2).Select(Cells))
            for (var i = 0; i < names.Length; i++)
                if (cells[i + 1].Length > 0)
                    roles[names[i]].Add(cells[0].Trim('`'));
        return roles;
    }

    /// <summary>Status and code of the refusal, <c>404 *.not_found</c> where the handler says what it is that is missing, or <see cref="Admitted"/>.</summary>
    public static string Expected(DescribedOperation operation, ModelCaller caller, NamedResource resource)
    {
        if (caller.Refused is { } refused)
            return refused;
        var allowed = caller.May(operation.Permission);
        if (operation.Kind is not { } kind)
            return !allowed && !(operation.ListsWhatIsGranted && caller.May("grants:act")) ? "403 permission.missing" : IsNone(resource) ? "404 *.not_found" : Admitted;
        var acts = caller.May("grants:act") && operation.GrantStandsForPermission;
        if (!allowed && !acts)
            return "403 permission.missing";
        if (allowed && caller.May("resources:all"))
            return IsNone(resource) ? "404 *.not_found" : Admitted;
        var unknown = $"404 {(operation.OfRun ? "run" : kind)}.not_found";
        if (IsNone(resource))
            return unknown;
        var granted = resource == NamedResource.Kept ? caller.RightsOn(kind).ToHashSet() : [];
        if (granted.Contains(operation.Right!) || (resource == NamedResource.Shared && allowed))
            return Admitted;
        // Whoever has any right on it sees that it is there.
        var sees = resource == NamedResource.Shared ? RightsByRole(kind).Any(caller.May) : granted.Count > 0;
        return !sees ? unknown : allowed ? "403 access.missing" : "403 permission.missing";
    }

    private static bool IsNone(NamedResource resource) => resource is NamedResource.OfAnotherOrganization or NamedResource.Missing;

    private static string[] RightsByRole(string kind) => kind switch
    {
        "workflow" => ["workflows:read", "workflows:write", "runs:start"],
        "folder" => ["workflows:read", "workflows:write"],
        "connector" => ["connectors:read", "connectors:write"],
        _ => ["credentials:read", "credentials:write"],
    };
}
