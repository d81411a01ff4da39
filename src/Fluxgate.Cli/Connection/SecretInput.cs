using System.Text;

namespace Fluxgate.Cli.Connection;

/// <summary>Reads a secret: a line of standard input, or keys of a terminal that are not shown. Arguments are for everybody on the machine to read.</summary>
internal static class SecretInput
{
    private const int Longest = 8192;

    public static string Read(string what)
    {
        var secret = Console.IsInputRedirected ? Console.In.ReadLine() : ReadKeys(what);
        return secret switch
        {
            null or "" => throw new CommandException("secret.missing", $"There is no {what} on standard input."),
            { Length: > Longest } => throw new CommandException("secret.too_long", $"The {what} is longer than {Longest} characters."),
            _ => secret,
        };
    }

    private static string ReadKeys(string what)
    {
        Console.Error.Write($"{what}: ");
        var text = new StringBuilder();
        for (var key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key == ConsoleKey.Backspace && text.Length > 0)
                text.Length--;
            else if (!char.IsControl(key.KeyChar))
                text.Append(key.KeyChar);
        }
        Console.Error.WriteLine();
        return text.ToString();
    }
}
