using System.Text;
using Fluxgate.Core.Expressions;
using Fluxgate.Engine.Connections;

namespace Fluxgate.Engine.Nodes;

/// <summary>
/// Takes a credential's secret out of what the service answered. A service that echoes its requests, by mischief or for
/// debugging, would else put the secret into run data, where everybody who reads runs sees it.
/// </summary>
internal sealed class SecretEcho
{
    private const string Marker = "[secret]";

    /// <summary>Anything shorter is too likely to stand in an answer by chance.</summary>
    private const int Shortest = 6;

    private readonly string[] forms;

    public SecretEcho(CredentialSecret? secret, params IEnumerable<string> more)
    {
        string[] values = secret switch
        {
            BearerSecret bearer => [bearer.Token],
            BasicSecret basic => [$"{basic.Username}:{basic.Password}", basic.Password],
            ApiKeySecret key => [key.Value],
            PostgresqlSecret server => [server.Password],
            SmtpSecret server => [server.Password ?? ""],
            ImapSecret server => [server.Password],
            ClientCredentialsSecret client => [client.ClientSecret],
            OAuthSecret client => [client.ClientSecret ?? ""],
            AwsSecret aws => [aws.SecretAccessKey, aws.SessionToken ?? ""],
            _ => [],
        };
        // The longest first: a form may be part of another.
        forms = [.. values.Concat(more).Where(v => v.Length >= Shortest).SelectMany(Forms).Distinct(StringComparer.OrdinalIgnoreCase).OrderByDescending(f => f.Length)];
    }

    public string Hide(string text)
    {
        foreach (var form in forms)
            text = text.Replace(form, Marker, StringComparison.OrdinalIgnoreCase);
        return text;
    }

    public CelValue Hide(CelValue value)
    {
        if (forms.Length == 0)
            return value;
        switch (value.Kind)
        {
            case CelKind.String:
                return CelValue.From(Hide(value.AsString));
            case CelKind.List:
                return CelValue.List([.. value.AsList.Select(Hide)]);
            case CelKind.Map:
                // Two names may become one; the first stays.
                var members = new Dictionary<string, CelValue>(StringComparer.Ordinal);
                foreach (var (name, member) in value.AsMap)
                    members.TryAdd(Hide(name.AsString), Hide(member));
                return CelValue.Map(members);
            default:
                return value;
        }
    }

    private static IEnumerable<string> Forms(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        var base64 = Convert.ToBase64String(bytes);
        return
        [
            value, base64, base64.TrimEnd('='), base64.TrimEnd('=').Replace('+', '-').Replace('/', '_'),
            Uri.EscapeDataString(value), Uri.EscapeDataString(value).Replace("%20", "+", StringComparison.Ordinal), Convert.ToHexString(bytes),
        ];
    }
}
