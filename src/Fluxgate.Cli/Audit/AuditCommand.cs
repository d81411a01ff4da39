using System.CommandLine;

namespace Fluxgate.Cli.Audit;

internal static class AuditCommand
{
    public static Command Create() => new("audit", "The organization's audit log.") { VerifyCommand.Create() };
}
