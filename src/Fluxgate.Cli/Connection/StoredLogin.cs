using System.Text.Json;

namespace Fluxgate.Cli.Connection;

/// <summary>The server, key and, if requests are to be signed, signing secret of <c>fluxgate login</c>, in <c>$XDG_CONFIG_HOME/fluxgate/login.json</c> (<c>~/.config</c> without it), readable by the user alone.</summary>
internal sealed record StoredLogin(string Url, string ApiKey, string? SigningSecret)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>So that nothing that prints a login prints its key.</summary>
    public override string ToString() => Url;

    /// <exception cref="CommandException">The file is there and cannot be read.</exception>
    public static StoredLogin? Load()
    {
        var file = FileName();
        if (!File.Exists(file))
            return null;
        try
        {
            return JsonSerializer.Deserialize<StoredLogin>(File.ReadAllText(file), Json) is { Url: not null, ApiKey: not null } login ? login : throw new JsonException();
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CommandException("login.unreadable", $"{file} cannot be read; run fluxgate login again.");
        }
    }

    /// <summary>Written beside and renamed, so that nobody finds half a file, and never readable by others for a moment. Answers where.</summary>
    public string Save()
    {
        var file = FileName();
        Directory.CreateDirectory(Path.GetDirectoryName(file)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var temporary = file + ".new";
        File.Delete(temporary);
        using (var stream = new FileStream(temporary, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
            JsonSerializer.Serialize(stream, this, Json);
        File.Move(temporary, file, overwrite: true);
        return file;
    }

    private static string FileName()
    {
        // The specification of XDG base directories: a path that is not absolute is to be ignored.
        var configured = Environment.GetEnvironmentVariable("XDG_CONFIG_HOME");
        var home = Path.IsPathRooted(configured) ? configured : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config");
        return Path.Combine(home, "fluxgate", "login.json");
    }
}
