using System.Security.Cryptography;
using System.Text.Json;

namespace Fluxgate.Cli.Demo;

/// <summary>What the demo made up at its first start and needs again after a crash; kept beside the data, readable by the owner alone.</summary>
internal sealed record DemoState(string Password, string ErpToken, string InboundSecret)
{
    /// <summary>The signing secret of the outgoing webhook endpoint, once that exists.</summary>
    public string? WebhookSecret { get; init; }

    private static string File(string directory) => Path.Combine(directory, "demo.json");

    public static DemoState LoadOrCreate(string directory)
    {
        Directory.CreateDirectory(directory);
        if (System.IO.File.Exists(File(directory)))
            return JsonSerializer.Deserialize<DemoState>(System.IO.File.ReadAllText(File(directory)))!;
        var state = new DemoState(NewSecret(12), NewSecret(24), NewSecret(32));
        state.Save(directory);
        return state;
    }

    /// <summary>Written beside and renamed, so that a crash leaves the old or the new one.</summary>
    public void Save(string directory)
    {
        var temporary = File(directory) + ".new";
        using (var stream = new FileStream(temporary, new FileStreamOptions
        {
            Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            JsonSerializer.Serialize(stream, this);
            stream.Flush(flushToDisk: true);
        }
        System.IO.File.Move(temporary, File(directory), overwrite: true);
    }

    private static string NewSecret(int bytes) => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(bytes));
}
