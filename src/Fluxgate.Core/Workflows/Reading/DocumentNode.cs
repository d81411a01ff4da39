using Fluxgate.Core.Expressions;

namespace Fluxgate.Core.Workflows.Reading;

/// <summary>A value of a workflow file with its place in the text (from 1), so that every fault can be located.</summary>
internal abstract record DocumentNode(int Line, int Column)
{
    /// <summary>The value without its places.</summary>
    public abstract CelValue ToValue();
}

internal sealed record DocumentScalar(CelValue Value, int Line, int Column) : DocumentNode(Line, Column)
{
    public override CelValue ToValue() => Value;
}

internal sealed record DocumentList(IReadOnlyList<DocumentNode> Items, int Line, int Column) : DocumentNode(Line, Column)
{
    public override CelValue ToValue() => CelValue.List([.. Items.Select(i => i.ToValue())]);
}

internal sealed record DocumentMap(IReadOnlyList<(string Name, DocumentNode Value)> Members, int Line, int Column) : DocumentNode(Line, Column)
{
    public DocumentNode? this[string name] => Members.FirstOrDefault(m => m.Name == name).Value;

    public DocumentMap Without(IReadOnlyCollection<string> names) =>
        names.Count == 0 ? this : this with { Members = [.. Members.Where(m => !names.Contains(m.Name))] };

    public override CelValue ToValue() => CelValue.Map(Members.ToDictionary(m => m.Name, m => m.Value.ToValue(), StringComparer.Ordinal));
}
