using System.Text;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Engine.Nodes;

/// <summary>
/// The address of a call: the connector's base, the endpoint's path with its parameters as single escaped segments, and
/// the query. Data can never change host, scheme or the number of segments.
/// </summary>
internal static class HttpAddress
{
    private const int Longest = 8000;

    public static Result<Uri> Build(Uri baseUrl, string pathTemplate, CelValue? parameters, CelValue? query)
    {
        var path = new StringBuilder();
        var rest = pathTemplate.AsSpan();
        while (!rest.IsEmpty)
        {
            var open = rest.IndexOf('{');
            if (open < 0)
            {
                path.Append(rest);
                break;
            }
            path.Append(rest[..open]);
            var close = rest.IndexOf('}');
            var name = rest[(open + 1)..close].ToString();
            if (parameters is not { Kind: CelKind.Map } map || !map.TryGetMember(name, out var value) || Text(value) is not { Length: > 0 } text)
                return Error.Refused("http.parameter", $"The path needs the parameter '{name}' as text, number or bool.");
            // Escaping leaves dots alone, and a segment of dots alone would walk up the path.
            if (text is "." or "..")
                return Error.Refused("http.parameter", $"The parameter '{name}' is no path segment.");
            path.Append(Uri.EscapeDataString(text));
            rest = rest[(close + 1)..];
        }
        if (query is { } queryMap)
        {
            if (queryMap.Kind != CelKind.Map)
                return Error.Refused("http.query", "'query' is a map.");
            var separator = '?';
            foreach (var (key, value) in queryMap.AsMap)
            {
                if (Text(value) is not { } text)
                    return Error.Refused("http.query", $"The query parameter '{key.AsString}' is text, number or bool.");
                path.Append(separator).Append(Uri.EscapeDataString(key.AsString)).Append('=').Append(Uri.EscapeDataString(text));
                separator = '&';
            }
        }
        var address = $"{baseUrl.AbsoluteUri.TrimEnd('/')}/{path.ToString().TrimStart('/')}";
        return address.Length <= Longest ? new Uri(address) : Error.Refused("http.address", $"The address is longer than {Longest} characters.");
    }

    private static string? Text(CelValue value) => value.Kind switch
    {
        CelKind.String => value.AsString,
        CelKind.Int or CelKind.Uint or CelKind.Double or CelKind.Bool => Encoding.UTF8.GetString(value.ToJson()),
        _ => null,
    };
}
