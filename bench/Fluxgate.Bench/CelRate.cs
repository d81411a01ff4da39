using System.Diagnostics;
using System.Text;
using Fluxgate.Core.Expressions;

namespace Fluxgate.Bench;

/// <summary>What one evaluation of a compiled expression takes: nanoseconds, and bytes allocated.</summary>
internal static class CelRate
{
    private const string Expression = "amount * 1.2 > 100.0 && country in allowed";
    private const string Variables = """{"amount": 99.5, "country": "FI", "allowed": ["SE", "NO", "FI"]}""";
    private const int Rounds = 9;
    private const int Evaluations = 1_000_000;

    public static object Measure()
    {
        var program = CelProgram.Compile(Expression).Value;
        var scope = new DictionaryScope(CelValue.FromJson(Encoding.UTF8.GetBytes(Variables)).AsMap.ToDictionary(v => v.Key.AsString, v => v.Value, StringComparer.Ordinal));

        // Until the runtime has optimised it.
        for (var warm = Stopwatch.StartNew(); warm.Elapsed < TimeSpan.FromSeconds(3);)
            Evaluate(program, scope, 1000);

        var nanoseconds = new double[Rounds];
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < Rounds; round++)
        {
            var began = Stopwatch.GetTimestamp();
            Evaluate(program, scope, Evaluations);
            nanoseconds[round] = Stopwatch.GetElapsedTime(began).TotalNanoseconds / Evaluations;
        }
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Array.Sort(nanoseconds);
        return new { median = nanoseconds[Rounds / 2], min = nanoseconds[0], max = nanoseconds[^1], bytes = allocated / ((long)Rounds * Evaluations) };
    }

    private static void Evaluate(CelProgram program, DictionaryScope scope, int times)
    {
        for (var i = 0; i < times; i++)
            if (!program.Evaluate(scope).Value.AsBool)
                throw new InvalidOperationException("The expression gave another result.");
    }
}
