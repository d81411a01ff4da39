using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fluxgate.Data.Embedded;
using Fluxgate.Server;
using Fluxgate.Server.Features.SignIn;
using Fluxgate.Server.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Fluxgate.Cli.Demo;

/// <summary>Everything on one machine: server, people, an ERP, and invoices that need a decision.</summary>
internal static class DemoCommand
{
    private static readonly Option<bool> Once = new("--once") { Description = "Approve the reviews, wait for all runs, verify, and exit: 0 only if everything held." };
    private static readonly Option<bool> Json = new("--json") { Description = "With --once: print a summary as JSON." };
    private static readonly Option<string?> Input = new("--input") { Description = "Other invoices, as JSON lines." };
    private static readonly Option<int> Port = new("--port") { Description = "Port of the server on 127.0.0.1.", DefaultValueFactory = _ => 8480 };
    private static readonly Option<int> ServicesPort = new("--services-port") { Description = "Port of the demo's ERP on 127.0.0.2.", DefaultValueFactory = _ => 8481 };

    public static Command Create()
    {
        var command = new Command("demo", "Start a furnished demo: an organization, its people, an ERP, and invoices to approve.")
        {
            Once, Json, Input, Port, ServicesPort, ServerSettings.DataDirectory,
        };
        command.ActAsServer(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancel)
    {
        if (parsed.GetValue(ServerSettings.DataDirectory) is { } chosen)
            return await RunOn(chosen, parsed, cancel);
        if (!parsed.GetValue(Once))
            return await RunOn(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "fluxgate-demo"), parsed, cancel);
        var temporary = Directory.CreateTempSubdirectory("fluxgate-demo-").FullName;
        try
        {
            return await RunOn(temporary, parsed, cancel);
        }
        finally
        {
            await EmbeddedCluster.Delete(temporary, CancellationToken.None);
            Directory.Delete(temporary, recursive: true);
        }
    }

    private static async Task<int> RunOn(string directory, ParseResult parsed, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        var state = DemoState.LoadOrCreate(directory);
        var servicesPort = parsed.GetValue(ServicesPort);
        var quiet = parsed.GetValue(Json);

        await using var services = await DemoServices.Start(servicesPort, state, directory, cancel);
        await using var server = await FluxgateApplication.Start(Configuration(parsed, directory, state, servicesPort), cancel);
        var setup = new DemoSetup(server.Address, servicesPort, state, services, directory);
        await setup.Run(cancel);
        var documents = DemoFiles.Documents(parsed.GetValue(Input));
        var runs = await new InvoiceSender(server.Address, state.InboundSecret).Send(documents, cancel);

        if (parsed.GetValue(Once))
        {
            var summary = await new DemoJudge(setup, services).Judge(runs, cancel);
            summary["seconds"] = Math.Round(clock.Elapsed.TotalSeconds, 2);
            Console.WriteLine(quiet ? summary.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) : string.Join(Environment.NewLine, summary.Select(m => $"{m.Key}: {m.Value}")));
            return summary["held"]!.GetValue<bool>() ? 0 : 1;
        }
        await PrintLinks(server, state, runs.Count, cancel);
        await server.WaitForShutdown(cancel);
        return 0;
    }

    private static Microsoft.Extensions.Configuration.IConfigurationRoot Configuration(ParseResult parsed, string directory, DemoState state, int servicesPort) =>
        FluxgateConfiguration.Load(null, new Dictionary<string, string?>
        {
            ["profile"] = "development",
            ["data_directory"] = directory,
            ["listen"] = $"http://127.0.0.1:{parsed.GetValue(Port).ToString(CultureInfo.InvariantCulture)}",
            ["sign_in:registration"] = "invite",
            ["egress:allow:0"] = $"{DemoServices.Host}/32:{servicesPort.ToString(CultureInfo.InvariantCulture)}",
            ["bootstrap:owner_email"] = DemoPeople.Operator.Email,
            ["bootstrap:owner_name"] = DemoPeople.Operator.DisplayName,
            ["bootstrap:owner_password"] = state.Password,
            ["bootstrap:organization_name"] = DemoPeople.OrganizationName,
            ["bootstrap:organization_slug"] = DemoPeople.OrganizationSlug,
        });

    private static async Task PrintLinks(FluxgateApplication server, DemoState state, int runs, CancellationToken cancel)
    {
        var links = server.Services.GetRequiredService<SignInLinks>();
        Console.WriteLine($"{runs.ToString(CultureInfo.InvariantCulture)} invoices were sent; the large ones wait for a decision.");
        Console.WriteLine("Sign in (each link works once; later: the address and the password below):");
        foreach (var person in DemoPeople.All)
        {
            var link = await links.Create(person.Email, cancel);
            // Chromium and Firefox take a Secure cookie over plain http from localhost only.
            Console.WriteLine($"  {person.DisplayName,-16} {person.Does}\n    http://localhost:{server.Address.Port.ToString(CultureInfo.InvariantCulture)}{link}");
        }
        Console.WriteLine($"Addresses: {string.Join(", ", DemoPeople.All.Select(p => p.Email))}. Password: {state.Password}");
        Console.WriteLine("Ctrl-C stops it; the next start goes on where this one was.");
    }
}
