namespace Fluxgate.Core.Expressions.Evaluation;

/// <summary>What an expression takes from its scope, found while it is compiled.</summary>
internal sealed class Usage
{
    private readonly Dictionary<string, HashSet<string>> members = new(StringComparer.Ordinal);
    private readonly HashSet<string> whole = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> literals = new(StringComparer.Ordinal);
    private readonly HashSet<string> unknown = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Variables => members.Keys;

    public IReadOnlyCollection<string> UnknownFunctions => unknown;

    public IReadOnlyCollection<string> Members(string root) => members.TryGetValue(root, out var names) ? names : [];

    public bool UsesWhole(string root) => whole.Contains(root);

    public IReadOnlyCollection<string> Literals(string function) => literals.TryGetValue(function, out var names) ? names : [];

    /// <summary>Notes a variable, of which <paramref name="member"/> is used, or all of it if that is null.</summary>
    public void Variable(string root, string? member)
    {
        var names = members.TryGetValue(root, out var known) ? known : members[root] = new(StringComparer.Ordinal);
        if (member is null)
            whole.Add(root);
        else
            names.Add(member);
    }

    public void LiteralCall(string function, string literal) =>
        (literals.TryGetValue(function, out var known) ? known : literals[function] = new(StringComparer.Ordinal)).Add(literal);

    public void UnknownFunction(string name) => unknown.Add(name);
}
