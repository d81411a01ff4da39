namespace Fluxgate.Core.Expressions;

/// <summary>
/// The entries of a map in their order, with an index once there are more than a few. Keys are bool, int, uint or
/// string; numbers that are equal are one key whatever their type.
/// </summary>
internal sealed class CelMap
{
    private const int IndexFrom = 8;

    public static readonly CelMap Empty = new([]);

    private readonly Dictionary<string, int>? names;
    private readonly Dictionary<CelValue, int>? others;

    private CelMap(KeyValuePair<CelValue, CelValue>[] entries) => Entries = entries;

    private CelMap(KeyValuePair<CelValue, CelValue>[] entries, Dictionary<string, int>? names, Dictionary<CelValue, int>? others)
        : this(entries) => (this.names, this.others) = (names, others);

    public KeyValuePair<CelValue, CelValue>[] Entries { get; }

    public int Count => Entries.Length;

    /// <summary>Takes over <paramref name="entries"/>; null with the fault if a key is of a wrong kind or comes twice.</summary>
    public static CelMap? TryCreate(KeyValuePair<CelValue, CelValue>[] entries, out string? fault)
    {
        fault = null;
        if (entries.Length <= IndexFrom)
        {
            var small = new CelMap(entries);
            for (var i = 0; i < entries.Length; i++)
            {
                fault = !IsKey(entries[i].Key) ? WrongKey(entries[i].Key) : small.Find(entries[i].Key, i) >= 0 ? Repeated : null;
                if (fault is not null)
                    return null;
            }
            return small;
        }

        Dictionary<string, int>? names = null;
        Dictionary<CelValue, int>? others = null;
        for (var i = 0; i < entries.Length; i++)
        {
            var key = entries[i].Key;
            if (!IsKey(key))
                fault = WrongKey(key);
            else if (!(key.Kind == CelKind.String
                ? (names ??= new(entries.Length, StringComparer.Ordinal)).TryAdd(key.RawString, i)
                : (others ??= []).TryAdd(key, i)))
                fault = Repeated;
            if (fault is not null)
                return null;
        }
        return new CelMap(entries, names, others);
    }

    public bool TryGetValue(string name, out CelValue value)
    {
        if (names is null && Entries.Length <= IndexFrom)
        {
            foreach (ref readonly var entry in Entries.AsSpan())
            {
                if (entry.Key.Kind == CelKind.String && string.Equals(entry.Key.RawString, name))
                {
                    value = entry.Value;
                    return true;
                }
            }
        }
        else if (names is not null && names.TryGetValue(name, out var at))
        {
            value = Entries[at].Value;
            return true;
        }
        value = default;
        return false;
    }

    public bool TryGetValue(in CelValue key, out CelValue value)
    {
        if (key.Kind == CelKind.String)
            return TryGetValue(key.RawString, out value);
        var at = Entries.Length <= IndexFrom ? Find(key, Entries.Length) : others is not null && IsNumberOrBool(key) && others.TryGetValue(key, out var found) ? found : -1;
        value = at < 0 ? default : Entries[at].Value;
        return at >= 0;
    }

    private static bool IsKey(in CelValue key) => key.Kind is CelKind.String or CelKind.Int or CelKind.Uint or CelKind.Bool;

    private static bool IsNumberOrBool(in CelValue key) => key.Kind is CelKind.Int or CelKind.Uint or CelKind.Bool or CelKind.Double;

    private static string WrongKey(in CelValue key) => $"A map's key is a bool, int, uint or string, not {CelTypes.NameOf(key)}.";

    private const string Repeated = "A key comes twice.";

    private int Find(in CelValue key, int before)
    {
        for (var i = 0; i < before; i++)
        {
            if (CelEquality.Equal(Entries[i].Key, key))
                return i;
        }
        return -1;
    }
}
