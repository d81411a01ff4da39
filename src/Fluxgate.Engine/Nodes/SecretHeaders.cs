using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Engine.KeyValues;

namespace Fluxgate.Engine.Nodes;

/// <summary>
/// The setting <c>secret_headers</c>: headers whose values are secrets of the key-value store. They enter here, at the
/// moment of the call, and only a call to a host that the secret names.
/// </summary>
internal static class SecretHeaders
{
    /// <summary>
    /// Adds them, and answers their values, to be hidden in what comes back. Errors <c>http.reserved_header</c>,
    /// <c>http.header</c>, <c>kv.secret_missing</c>, <c>kv.secret_host</c>.
    /// </summary>
    public static async Task<Result<IReadOnlyList<string>>> Add(
        StepEffect effect, KvReader keyValues, Uri target, List<(string Name, string Value)> headers, IReadOnlySet<string> reserved, CancellationToken cancel)
    {
        var values = new List<string>();
        if (!effect.Node.RawSettings.TryGetMember("secret_headers", out var map))
            return values;
        foreach (var (header, secretName) in map.AsMap)
        {
            var name = header.AsString;
            if (reserved.Contains(name))
                return Error.Refused("http.reserved_header", $"The header {name} is set by Fluxgate.");
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
                return Error.Refused("http.header", $"{name} is no name of a header.");
            if (await keyValues.Secret(effect.Organization, effect.Workflow, secretName.AsString, cancel) is not { } secret)
                return Error.Refused("kv.secret_missing", $"There is no secret '{secretName.AsString}' in the key-value store, or its time is over.");
            if (!secret.AllowsHost(target.Host, target.Port))
                return Error.Refused("kv.secret_host", $"The secret '{secretName.AsString}' may not go to {target.Authority}.");
            headers.RemoveAll(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            headers.Add((name, secret.Value));
            values.Add(secret.Value);
        }
        return values;
    }
}
