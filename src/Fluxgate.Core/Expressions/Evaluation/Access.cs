namespace Fluxgate.Core.Expressions.Evaluation;

/// <summary>Fields, keys and indexes. An optional passes the access on to what it holds and answers an optional.</summary>
internal static class Access
{
    public static CelValue Select(in CelValue operand, string field, bool optional)
    {
        if (operand.Kind == CelKind.Map)
        {
            var found = operand.RawMap.TryGetValue(field, out var value);
            return optional ? Wrap(found, value) : found ? value : NoSuchKey($"key '{field}'");
        }
        if (operand.Kind == CelKind.Optional)
            return operand.RawHasValue ? AsOptional(Select(operand.RawOptional, field, optional: true)) : CelValue.None;
        return CelValue.Failed(CelFault.Overload($"{CelTypes.NameOf(operand)} has no field '{field}'."));
    }

    public static CelValue Has(in CelValue operand, string field)
    {
        if (operand.Kind == CelKind.Map)
            return CelValue.From(operand.RawMap.TryGetValue(field, out _));
        if (operand.Kind == CelKind.Optional)
            return operand.RawHasValue ? Has(operand.RawOptional, field) : CelValue.False;
        return CelValue.Failed(CelFault.Overload($"{CelTypes.NameOf(operand)} has no field '{field}'."));
    }

    /// <summary>An item or entry; <paramref name="name"/> is how a message may call the key.</summary>
    public static CelValue Index(in CelValue operand, in CelValue key, bool optional, string name)
    {
        switch (operand.Kind)
        {
            case CelKind.Map:
                if (key.Kind is not (CelKind.String or CelKind.Int or CelKind.Uint or CelKind.Double or CelKind.Bool))
                    return CelValue.Failed(CelFault.Overload($"A map has no keys of type {CelTypes.NameOf(key)}."));
                var found = operand.RawMap.TryGetValue(key, out var value);
                return optional ? Wrap(found, value) : found ? value : NoSuchKey(name);
            case CelKind.List:
                return Item(operand.RawList, key, optional);
            case CelKind.Optional:
                return operand.RawHasValue ? AsOptional(Index(operand.RawOptional, key, optional: true, name)) : CelValue.None;
            default:
                return CelValue.Failed(CelFault.Overload($"{CelTypes.NameOf(operand)} has no [ ]."));
        }
    }

    private static CelValue Item(CelValue[] items, in CelValue key, bool optional)
    {
        if (!CelEquality.IsNumber(key) || (key.Kind == CelKind.Double && Math.Truncate(key.RawDouble) != key.RawDouble))
            return CelValue.Failed(CelFault.Overload("A list's index is a whole number."));
        var at = key.Kind switch
        {
            CelKind.Int => key.RawInt,
            CelKind.Uint => (long)Math.Min(key.RawUint, int.MaxValue),
            _ => key.RawDouble is >= 0 and < int.MaxValue ? (long)key.RawDouble : -1,
        };
        var found = (ulong)at < (ulong)items.Length;
        if (optional)
            return Wrap(found, found ? items[at] : default);
        return found
            ? items[at]
            : CelValue.Failed(new CelFault("expression.index_out_of_range", $"The index {at} is outside a list of {items.Length}."));
    }

    private static CelValue Wrap(bool found, in CelValue value) => found ? CelValue.Some(value) : CelValue.None;

    private static CelValue AsOptional(in CelValue value) => value.IsFault || value.Kind == CelKind.Optional ? value : CelValue.Some(value);

    private static CelValue NoSuchKey(string key) => CelValue.Failed(new CelFault("expression.no_such_key", $"There is no {key}."));
}
