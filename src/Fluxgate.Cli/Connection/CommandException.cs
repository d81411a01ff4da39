namespace Fluxgate.Cli.Connection;

/// <summary>A command cannot do what it was asked: one line on standard error, exit code 1.</summary>
internal sealed class CommandException(string code, string message) : Exception(message)
{
    public string Code => code;
}
