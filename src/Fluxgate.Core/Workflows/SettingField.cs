namespace Fluxgate.Core.Workflows;

public enum SettingKind
{
    /// <summary>Any value; strings in it may hold expressions.</summary>
    Any,

    /// <summary>Text, or an expression that gives text.</summary>
    Text,

    /// <summary>Text taken as it stands; an expression is refused, because the value is looked up or registered before any run.</summary>
    Literal,

    /// <summary>As <see cref="Literal"/>, but as long as a program's text may be: no data ever becomes a part of it.</summary>
    LiteralText,

    /// <summary>true or false, as it stands.</summary>
    Flag,

    /// <summary>One of <see cref="SettingField.Choices"/>, as it stands.</summary>
    Choice,

    /// <summary>An expression that gives a bool, or true or false.</summary>
    Condition,

    /// <summary>A duration (<c>30s</c>), or an expression that gives one as text or duration.</summary>
    Duration,

    /// <summary>A whole number, or an expression that gives one.</summary>
    Integer,

    /// <summary>A list of names, as they stand.</summary>
    LiteralList,

    /// <summary>A map of names to names of secrets in the key-value store, as they stand: what is sent must not depend on data.</summary>
    SecretMap,

    /// <summary>A graph: <c>nodes</c>, <c>edges</c> and <c>output</c> as a workflow has them.</summary>
    Body,

    /// <summary>A map with the members of <see cref="SettingField.Members"/>.</summary>
    Group,
}

/// <summary>One setting of a node or trigger type, for the validator, the editor and the documentation.</summary>
public sealed record SettingField(string Name, SettingKind Kind, bool Required, string Description)
{
    /// <summary>Longest name of a <see cref="SettingKind.Literal"/>.</summary>
    public const int NameCharacters = 200;

    /// <summary>Longest <see cref="SettingKind.LiteralText"/>.</summary>
    public const int TextCharacters = 65_536;

    /// <summary>Longest <see cref="SettingKind.LiteralList"/>.</summary>
    public const int MostNames = 100;

    /// <summary>Largest <see cref="SettingKind.SecretMap"/>.</summary>
    public const int MostSecrets = 20;

    /// <summary>For <see cref="SettingKind.Choice"/>.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>For <see cref="SettingKind.Group"/>.</summary>
    public IReadOnlyList<SettingField> Members { get; init; } = [];

    /// <summary>For <see cref="SettingKind.Literal"/>: beginnings that are not free to take.</summary>
    public IReadOnlyList<string> Reserved { get; init; } = [];

    /// <summary>For <see cref="SettingKind.Literal"/>: the name is a credential's, of one of these types.</summary>
    public IReadOnlyList<string> CredentialTypes { get; init; } = [];

    /// <summary>For <see cref="SettingKind.LiteralList"/>: the names are ports, each there once and none the name of another port.</summary>
    public bool IsPorts { get; init; }

    /// <summary>Evaluated once for each item of the node's list, which it sees as <c>item</c> and <c>index</c>.</summary>
    public bool PerItem { get; init; }

    /// <summary>For <see cref="SettingKind.Integer"/>, as it stands: smallest and largest.</summary>
    public (long Min, long Max)? Range { get; init; }
}
