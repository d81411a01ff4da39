using Fluxgate.Core.Cryptography;

namespace Fluxgate.Data.Audit;

/// <summary>A <see cref="CanonicalWriter"/> that takes the text of strangers (<see cref="OutsideText"/>).</summary>
public sealed class AuditWriter
{
    private readonly CanonicalWriter canonical = new();

    public void BeginObject() => canonical.BeginObject();

    public void EndObject() => canonical.EndObject();

    public void BeginArray(string name)
    {
        canonical.Name(name);
        canonical.BeginArray();
    }

    public void EndArray() => canonical.EndArray();

    public void BeginObject(string name)
    {
        canonical.Name(name);
        canonical.BeginObject();
    }

    public void Member(string name, string? value)
    {
        canonical.Name(name);
        canonical.Text(value is null ? null : OutsideText.Escape(value));
    }

    public void Member(string name, Guid? value)
    {
        canonical.Name(name);
        canonical.Text(value);
    }

    public void Member(string name, long? value)
    {
        canonical.Name(name);
        if (value is { } number)
            canonical.Number(number);
        else
            canonical.Null();
    }

    public void True(string name)
    {
        canonical.Name(name);
        canonical.True();
    }

    internal void Member(string name, AuditObject value)
    {
        canonical.Name(name);
        canonical.Written(value.Canonical);
    }

    internal byte[] ToArray() => canonical.ToArray();
}
