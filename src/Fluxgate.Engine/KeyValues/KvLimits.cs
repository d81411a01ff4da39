using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Egress;
using Fluxgate.Engine.Connections;

namespace Fluxgate.Engine.KeyValues;

/// <summary>What an entry may be, whoever writes it.</summary>
public static class KvLimits
{
    /// <summary>Bytes of a value as JSON.</summary>
    public const int ValueBytes = 256 * 1024;

    private const int SecretCharacters = 8192;

    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(3650);

    /// <summary>Faults of a whole entry, with pointers into <c>{value, allowed_hosts, ttl_seconds}</c>.</summary>
    public static IReadOnlyList<FieldError> Faults(bool isSecret, KvContent content)
    {
        var faults = new List<FieldError>();
        if (isSecret)
            CheckSecret(content, faults);
        else
            CheckValue(content, faults);
        if (content.TimeToLive is { } life && (life < TimeSpan.FromSeconds(1) || life > LongestLife))
            faults.Add(new FieldError("/ttl_seconds", "range", "Between 1 second and 3650 days."));
        return faults;
    }

    private static void CheckValue(KvContent content, List<FieldError> faults)
    {
        if (content.AllowedHosts is not null)
            faults.Add(new FieldError("/allowed_hosts", "unknown", "Only a name that begins with secret: has hosts."));
        // It enters runs, so it is what they take.
        if (RunValue.Fault(content.Value, RunLimits.ValueBytes, out _) is { } fault)
            faults.Add(new FieldError("/value", fault.Code, fault.Message));
        else if (content.Value.ToJson().Length > ValueBytes)
            faults.Add(new FieldError("/value", "run.value_too_large", $"The value is larger than {ValueBytes} bytes."));
    }

    private static void CheckSecret(KvContent content, List<FieldError> faults)
    {
        // What goes into headers: it could not be sent otherwise, and who stores it should learn that.
        if (content.Value is not { Kind: CelKind.String } text || text.AsString.Length is 0 or > SecretCharacters || text.AsString.Any(c => c is < ' ' or > '~'))
            faults.Add(new FieldError("/value", "characters", $"A secret is text of 1–{SecretCharacters} visible ASCII characters."));
        if (content.AllowedHosts is not { Count: >= 1 and <= 50 } hosts || hosts.Any(h => !AllowedHost.TryParse(h, out _)))
            faults.Add(new FieldError("/allowed_hosts", "host", "A secret needs 1–50 hosts, as host, host:port or *.suffix; it goes nowhere else."));
    }

    internal static string[] Normalise(IReadOnlyList<string> hosts) => [.. ConnectionCatalog.Parse(hosts).Select(h => h.ToString()).Distinct(StringComparer.Ordinal)];
}
