using System.Globalization;

namespace Fluxgate.Core.Expressions.Functions;

/// <summary>
/// Decimal text of a double, rounded from its exact value, half to even. The formatting of .NET rounds half away from
/// zero, so that 2.5 would print as 3 where CEL prints 2.
/// </summary>
internal static class Digits
{
    /// <summary>No double has more significant decimal digits.</summary>
    private const string Exact = "E766";

    public static string Fixed(double number, int precision)
    {
        if (!double.IsFinite(number))
            return Conversions.Text(number);
        var (digits, exponent) = Decompose(number);
        var (rounded, carried) = Round(digits, exponent + 1 + precision);
        var point = exponent + 1 + (carried ? 1 : 0);
        var whole = point > 0 ? rounded[..Math.Min(point, rounded.Length)].PadRight(point, '0') : "0";
        var fraction = point > 0 ? rounded[Math.Min(point, rounded.Length)..] : new string('0', Math.Min(-point, precision)) + rounded;
        var sign = double.IsNegative(number) ? "-" : "";
        return precision == 0 ? sign + whole : $"{sign}{whole}.{fraction.PadRight(precision, '0')[..precision]}";
    }

    public static string Scientific(double number, int precision)
    {
        if (!double.IsFinite(number))
            return Conversions.Text(number);
        var (digits, exponent) = Decompose(number);
        var (rounded, carried) = Round(digits, precision + 1);
        if (carried)
            exponent++;
        var sign = double.IsNegative(number) ? "-" : "";
        var fraction = precision == 0 ? "" : "." + rounded[1..].PadRight(precision, '0')[..precision];
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{rounded[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):D2}");
    }

    /// <summary>All digits, and the power of ten of the first.</summary>
    private static (string Digits, int Exponent) Decompose(double number)
    {
        var text = Math.Abs(number).ToString(Exact, CultureInfo.InvariantCulture);
        var split = text.IndexOf('E', StringComparison.Ordinal);
        return (text[0] + text[2..split].TrimEnd('0'), int.Parse(text.AsSpan(split + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
    }

    /// <summary>The first <paramref name="keep"/> digits, rounded; carried if that made one more digit in front.</summary>
    private static (string Digits, bool Carried) Round(string digits, int keep)
    {
        if (keep >= digits.Length)
            return (digits, false);
        if (keep < 0)
            return ("", false);
        var rest = digits.AsSpan(keep);
        var half = rest[0] == '5' && rest[1..].IndexOfAnyExcept('0') < 0;
        var odd = keep > 0 && (digits[keep - 1] - '0') % 2 == 1;
        if (rest[0] < '5' || (half && !odd))
            return (digits[..keep], false);
        var kept = digits[..keep].ToCharArray();
        for (var i = keep - 1; i >= 0; i--)
        {
            if (kept[i] != '9')
            {
                kept[i]++;
                return (new string(kept), false);
            }
            kept[i] = '0';
        }
        return ("1" + new string(kept), true);
    }
}
