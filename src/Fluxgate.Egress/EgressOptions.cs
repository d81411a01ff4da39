namespace Fluxgate.Egress;

/// <summary>Section <c>egress</c>: what outside connections may reach, and how much they may take.</summary>
public sealed class EgressOptions
{
    public const string Section = "egress";

    /// <summary><c>open</c>: every public address may be reached; <c>allow_list</c>: what <see cref="Allow"/> lists and nothing else. Default: open.</summary>
    public EgressMode Mode { get; set; }

    /// <summary>Ranges with their port, blocked address classes too: <c>10.1.2.0/24:443</c>, <c>[fd00::/8]:5432</c>. In the mode <c>allow_list</c> also hosts at public addresses: <c>api.example.com</c>, <c>*.example.com:443</c>. Default: none.</summary>
    public List<string> Allow { get; set; } = [];

    /// <summary>Bytes of an answer's body, after decompression. 1 KB – 100 MB. Default: 10 MB.</summary>
    public int MaxResponseBytes { get; set; } = 10 * 1024 * 1024;

    /// <summary>Upper limit of any request's time. 1 s – 10 min. Default: 2 min.</summary>
    public TimeSpan MaxTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Time to reach and greet the other side. 1–60 s. Default: 10 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Throws <see cref="InvalidOperationException"/> that names the setting out of its range.</summary>
    public void Validate()
    {
        foreach (var (text, entry) in Allow.Zip(Entries()))
            Require(entry.Range is not null || Mode == EgressMode.AllowList, $"egress.allow: '{text}' means nothing in the mode open, which allows every host at a public address");
        Require(MaxResponseBytes is >= 1024 and <= 100 * 1024 * 1024, "egress.max_response_bytes is 1024 to 104857600");
        Require(MaxTimeout >= TimeSpan.FromSeconds(1) && MaxTimeout <= TimeSpan.FromMinutes(10), "egress.max_timeout is 1 s to 10 min");
        Require(ConnectTimeout >= TimeSpan.FromSeconds(1) && ConnectTimeout <= TimeSpan.FromMinutes(1), "egress.connect_timeout is 1 s to 60 s");
    }

    internal IReadOnlyList<EgressEntry> Entries() =>
        [.. Allow.Select(text => EgressEntry.TryParse(text, out var entry)
            ? entry
            : throw new InvalidOperationException($"egress.allow: '{text}' is neither a host, such as api.example.com or *.example.com:443, nor an address range and a port, such as 10.1.2.0/24:443 or [fd00::/8]:5432."))];

    private static void Require(bool holds, string message)
    {
        if (!holds)
            throw new InvalidOperationException(message + ".");
    }
}
