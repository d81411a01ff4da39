using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Fluxgate.Core.Expressions;

// What one evaluation of a compiled expression takes, in one line of JSON: nanoseconds (median, minimum and maximum of
// the rounds) and bytes allocated.
const string Expression = "amount * 1.2 > 100.0 && country in allowed";
const string Variables = """{"amount": 99.5, "country": "FI", "allowed": ["SE", "NO", "FI"]}""";
const int Rounds = 9;
const int Evaluations = 1_000_000;

var program = CelProgram.Compile(Expression).Value;
var scope = new DictionaryScope(CelValue.FromJson(Encoding.UTF8.GetBytes(Variables)).AsMap.ToDictionary(v => v.Key.AsString, v => v.Value, StringComparer.Ordinal));

// Until the runtime has optimised it.
for (var warm = Stopwatch.StartNew(); warm.Elapsed < TimeSpan.FromSeconds(3);)
    Evaluate(1000);

var nanoseconds = new double[Rounds];
var allocated = GC.GetAllocatedBytesForCurrentThread();
for (var round = 0; round < Rounds; round++)
{
    var began = Stopwatch.GetTimestamp();
    Evaluate(Evaluations);
    nanoseconds[round] = Stopwatch.GetElapsedTime(began).TotalNanoseconds / Evaluations;
}
allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
Array.Sort(nanoseconds);
Console.WriteLine(JsonSerializer.Serialize(new
{
    median = nanoseconds[Rounds / 2],
    min = nanoseconds[0],
    max = nanoseconds[^1],
    bytes = allocated / ((long)Rounds * Evaluations),
}));

void Evaluate(int times)
{
    for (var i = 0; i < times; i++)
        if (!program.Evaluate(scope).Value.AsBool)
            throw new InvalidOperationException("The expression gave another result.");
}
