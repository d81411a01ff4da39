using System.Text;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Core.Runs;

/// <summary>What a value must be to enter a run: small, flat and text enough that the journal gives it back.</summary>
public static class RunValue
{
    private static readonly Error NotStorable = Error.Invalid("run.value_not_storable", "A text holds NUL (U+0000) or half a surrogate pair, which a run cannot store.");
    private static readonly Error TooDeep = Error.Invalid("run.value_too_deep", $"The value has more than {RunLimits.Depth} levels.");

    /// <summary>
    /// Why <paramref name="value"/> may not enter a run, or null: <c>run.value_too_large</c>, <c>run.value_too_deep</c>,
    /// <c>run.value_not_storable</c>. <paramref name="size"/> is in bytes of JSON, numbers taken as ten.
    /// </summary>
    public static Error? Fault(CelValue value, int limit, out long size)
    {
        size = 0;
        return Measure(value, limit, RunLimits.Depth, ref size);
    }

    /// <summary>The size of a value that is in a run already.</summary>
    internal static long Size(CelValue value)
    {
        Fault(value, int.MaxValue, out var size);
        return size;
    }

    /// <summary>Stops at the limit: what is shared in memory is counted each time, as it is written.</summary>
    private static Error? Measure(CelValue value, int limit, int levels, ref long size)
    {
        switch (value.Kind)
        {
            case CelKind.String:
                if (!Add(value.AsString, ref size))
                    return NotStorable;
                break;
            case CelKind.Bytes:
                size += 2 + (value.AsBytes.Length + 2L) / 3 * 4;
                break;
            case CelKind.List:
                if (levels == 0)
                    return TooDeep;
                size += 2;
                foreach (var item in value.AsList)
                    if (Measure(item, limit, levels - 1, ref size) is { } fault)
                        return fault;
                break;
            case CelKind.Map:
                if (levels == 0)
                    return TooDeep;
                size += 2;
                foreach (var (key, member) in value.AsMap)
                    if ((Measure(key, limit, levels - 1, ref size) ?? Measure(member, limit, levels - 1, ref size)) is { } fault)
                        return fault;
                break;
            case CelKind.Optional:
                if (value.TryGetOptional(out var held))
                    return Measure(held, limit, levels, ref size);
                size += 4;
                break;
            default:
                size += 10;
                break;
        }
        return size > limit ? new Error("run.value_too_large", ErrorKind.TooLarge, $"The value is larger than {limit} bytes.") : null;
    }

    private static bool Add(string text, ref long size)
    {
        size += 3 + Encoding.UTF8.GetByteCount(text);
        return StorableText.Is(text);
    }
}
