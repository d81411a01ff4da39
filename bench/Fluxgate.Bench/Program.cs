using System.Text.Json;
using Fluxgate.Bench;

// One measurement, in one line of JSON.
Console.WriteLine(JsonSerializer.Serialize(args switch
{
    ["cel"] => CelRate.Measure(),
    ["engine"] => await EngineRate.Measure(),
    _ => throw new ArgumentException("cel or engine"),
}));
