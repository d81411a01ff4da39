using System.CommandLine;
using System.Globalization;
using Fluxgate.Cli.Connection;
using Fluxgate.Core.Kernel;
using Fluxgate.Engine.Quotas;
using Fluxgate.Server;
using Fluxgate.Server.Features.Usage;

namespace Fluxgate.Cli.Usage;

/// <summary>For whoever runs the installation: works on the database itself, as <c>serve</c> does.</summary>
internal static class QuotasCommand
{
    private const string None = "none";
    private const string Default = "default";

    public static Command Create() => new("quotas", "What organizations may have; for the operator, with the server's configuration.") { Show(), Set() };

    private static Argument<string> Organization() => new("organization") { Description = "Slug of the organization." };

    private static Command Show()
    {
        var organization = Organization();
        var command = new Command("show", "The quotas of an organization.") { organization, ServerSettings.ConfigurationFile, ServerSettings.DataDirectory };
        command.ActAsServer((parsed, cancel) => OperatorTools.WithQuotas(ServerSettings.Load(parsed), async quotas =>
        {
            var held = await quotas.Show(parsed.GetValue(organization)!, cancel);
            if (held.Error is { } error)
                return Refused(error);
            Table.Print(["QUOTA", "MOST", "FROM"], [.. held.Value.Select(q => (string[])
            [
                SnakeCase.From(q.Quota), q.Most?.ToString(CultureInfo.InvariantCulture) ?? None, q.IsOwn ? "operator" : "configuration",
            ])]);
            return 0;
        }, cancel));
        return command;
    }

    private static Command Set()
    {
        var organization = Organization();
        var quota = new Argument<string>("quota") { Description = "Which one." };
        quota.AcceptOnlyFromAmong([.. Enum.GetValues<Quota>().Select(q => SnakeCase.From(q))]);
        var most = new Argument<string>("most") { Description = $"A whole number (bytes for bytes), '{None}' for no limit, or '{Default}' for what the configuration says." };
        most.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is var text && text is not (None or Default) && !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                result.AddError($"'{text}' is no whole number, nor '{None}' or '{Default}'.");
        });
        var command = new Command("set", "Set a quota of an organization; running servers know it within seconds.") { organization, quota, most, ServerSettings.ConfigurationFile, ServerSettings.DataDirectory };
        command.ActAsServer((parsed, cancel) => OperatorTools.WithQuotas(ServerSettings.Load(parsed), async quotas =>
        {
            var (slug, which, text) = (parsed.GetValue(organization)!, SnakeCase.Parse<Quota>(parsed.GetValue(quota)!), parsed.GetValue(most)!);
            var done = text == Default
                ? await quotas.Reset(slug, which, cancel)
                : await quotas.Set(slug, which, text == None ? null : long.Parse(text, CultureInfo.InvariantCulture), cancel);
            return done.Error is { } error ? Refused(error) : 0;
        }, cancel));
        return command;
    }

    private static int Refused(Error error)
    {
        Console.Error.WriteLine($"{error.Code}: {error.Message}");
        return 1;
    }
}
