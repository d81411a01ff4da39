namespace Fluxgate.Core.Expressions.Functions;

/// <summary>
/// A calendar date and time of day. Counted by hand and not by DateTime: a time zone may carry a timestamp just past
/// the years that DateTime holds.
/// </summary>
internal readonly record struct Civil(int Year, int Month, int Day, int Hour, int Minute, int Second, int DayOfYear, int DayOfWeek)
{
    private const long SecondsADay = 86_400;
    private const int DaysOf400Years = 146_097;

    /// <summary>From seconds since 1970. <see cref="DayOfYear"/> counts from 0, <see cref="DayOfWeek"/> from Sunday = 0.</summary>
    public static Civil Of(long seconds)
    {
        var days = (long)Math.Floor(seconds / (double)SecondsADay);
        var second = (int)(seconds - days * SecondsADay);

        // Years begin in March here, so that the leap day is the last of its year.
        var shifted = days + 719_468;
        var era = Math.DivRem(shifted, DaysOf400Years, out var dayOfEra);
        if (dayOfEra < 0)
            (era, dayOfEra) = (era - 1, dayOfEra + DaysOf400Years);
        var yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        var dayOfMarchYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        var marchMonth = (5 * dayOfMarchYear + 2) / 153;
        var day = (int)(dayOfMarchYear - (153 * marchMonth + 2) / 5) + 1;
        var month = (int)(marchMonth < 10 ? marchMonth + 3 : marchMonth - 9);
        var year = (int)(yearOfEra + era * 400) + (month <= 2 ? 1 : 0);
        return new Civil(
            year, month, day, second / 3_600, second / 60 % 60, second % 60,
            (int)(days - DaysSince1970(year, 1, 1)), (int)((days % 7 + 11) % 7));
    }

    public static long DaysSince1970(int year, int month, int day)
    {
        var marchYear = month <= 2 ? year - 1 : year;
        var era = (long)Math.Floor(marchYear / 400.0);
        var yearOfEra = marchYear - era * 400;
        var dayOfMarchYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        return era * DaysOf400Years + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfMarchYear - 719_468;
    }
}
