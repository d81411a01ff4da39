using System.Buffers.Text;
using Fluxgate.Core.Expressions.Evaluation;

namespace Fluxgate.Core.Expressions.Functions;

/// <summary>The encoders extension: base64 (RFC 4648, section 4), read with or without its padding.</summary>
internal static class EncoderFunctions
{
    public static IEnumerable<NamedFunction> All =>
    [
        new("base64.encode", 1, 1, Encode),
        new("base64.decode", 1, 1, Decode),
    ];

    private static CelValue Encode(scoped ReadOnlySpan<CelValue> a, ref Frame frame)
    {
        if (a[0].Kind != CelKind.Bytes)
            return Faults.WrongArguments("base64.encode", a);
        return frame.Charge(2 * a[0].Weight) ? CelValue.From(Convert.ToBase64String(a[0].RawBytes)) : frame.Exhausted;
    }

    private static CelValue Decode(scoped ReadOnlySpan<CelValue> a, ref Frame frame)
    {
        if (a[0].Kind != CelKind.String)
            return Faults.WrongArguments("base64.decode", a);
        if (!frame.Charge(a[0].Weight))
            return frame.Exhausted;
        var text = a[0].RawString;
        if (text.Length % 4 != 0 && !text.EndsWith('='))
            text = text.PadRight((text.Length + 3) / 4 * 4, '=');
        if (text.Any(char.IsWhiteSpace) || !Base64.IsValid(text))
            return Faults.Argument("The text is not base64.");
        return CelValue.OwnedBytes(Convert.FromBase64String(text));
    }
}
