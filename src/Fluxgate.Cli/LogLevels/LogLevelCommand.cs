using System.CommandLine;
using System.Globalization;
using Fluxgate.Cli.Connection;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;
using Fluxgate.Server;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Cli.LogLevels;

/// <summary>For whoever runs the installation: works on the database itself, as <c>serve</c> does.</summary>
internal static class LogLevelCommand
{
    private const string Configured = "configured";

    public static Command Create() => new("log-level", "What running servers log; for the operator, with the server's configuration.") { Show(), Set() };

    private static Command Show()
    {
        var command = new Command("show", "The last changes, the newest first.") { ServerSettings.ConfigurationFile, ServerSettings.DataDirectory };
        command.ActAsServer((parsed, cancel) => OperatorTools.WithLogLevels(ServerSettings.Load(parsed), async levels =>
        {
            Table.Print(["LEVEL", "SINCE", "UNTIL", "BY", "REASON"], [.. (await levels.History(cancel)).Select(c => (string[])
            [
                c.Level is { } level ? SnakeCase.From(level) : Configured, Time(c.SetAt), Time(c.UntilAt), c.SetBy, c.Reason,
            ])]);
            return 0;
        }, cancel));
        return command;
    }

    private static Command Set()
    {
        var level = new Argument<string>("level") { Description = $"Least level that is logged, or '{Configured}' for what each server's configuration says." };
        level.AcceptOnlyFromAmong("trace", "debug", "information", "warning", "error", Configured);
        var reason = new Option<string>("--reason") { Description = "Why; it is kept.", Required = true };
        var time = new Option<string?>("--for") { Description = "After this time the configuration counts again, such as 30m." };
        time.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !Durations.TryParse(text, out _))
                result.AddError($"'{text}' is no time such as 30m.");
        });
        var command = new Command("set", "Change what running servers log; they know it within seconds.") { level, reason, time, ServerSettings.ConfigurationFile, ServerSettings.DataDirectory };
        command.ActAsServer((parsed, cancel) => OperatorTools.WithLogLevels(ServerSettings.Load(parsed), async levels =>
        {
            var name = parsed.GetValue(level)!;
            TimeSpan? lasts = parsed.GetValue(time) is { } text && Durations.TryParse(text, out var duration) ? duration : null;
            var done = await levels.Set(name == Configured ? null : SnakeCase.Parse<LogLevel>(name), lasts, parsed.GetValue(reason)!, cancel);
            if (done.Error is not { } error)
                return 0;
            Console.Error.WriteLine($"{error.Code}: {error.Message}");
            return 1;
        }, cancel));
        return command;
    }

    private static string Time(DateTimeOffset? at) => at?.UtcDateTime.ToString("u", CultureInfo.InvariantCulture) ?? "";
}
