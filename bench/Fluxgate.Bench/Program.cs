using System.Globalization;
using System.Text.Json;
using Fluxgate.Bench;
using Fluxgate.Core.Kernel;

// One measurement, in one line of JSON; or the server that another measurement is held against.
if (args is ["bare", var socket, var organization, var port])
    await BareServer.Serve(socket, new OrganizationId(Guid.Parse(organization)), int.Parse(port, CultureInfo.InvariantCulture));
else
    Console.WriteLine(JsonSerializer.Serialize(args switch
    {
        ["cel"] => CelRate.Measure(),
        ["engine"] => await EngineRate.Measure(),
        _ => throw new ArgumentException("cel, engine, or bare SOCKET ORGANIZATION PORT"),
    }));
