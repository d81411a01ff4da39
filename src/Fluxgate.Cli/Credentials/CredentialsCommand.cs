using System.CommandLine;

namespace Fluxgate.Cli.Credentials;

internal static class CredentialsCommand
{
    public static Command Create() => new("credentials", "Credentials of the organization; their secrets go in and never come out.")
    {
        ListCommand.Create(),
        SetCommand.Create(),
    };
}
