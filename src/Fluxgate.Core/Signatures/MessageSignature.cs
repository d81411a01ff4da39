using System.Text;

namespace Fluxgate.Core.Signatures;

/// <summary>
/// One signature of a message (RFC 9421) as its two fields give it. <paramref name="Components"/> are the names of what is
/// covered; <paramref name="Parameters"/> is the member of <c>Signature-Input</c>, which the signature covers too.
/// </summary>
public sealed record MessageSignature(IReadOnlyList<string> Components, StructuredItem Parameters, byte[] Value)
{
    public long? Created => Parameters["created"] as long?;

    public long? Expires => Parameters["expires"] as long?;

    public string? Nonce => Parameters["nonce"] as string;

    public string? KeyId => Parameters["keyid"] as string;

    /// <summary>Null if the sender names none; what the key is for decides.</summary>
    public string? Algorithm => Parameters["alg"] as string;

    public string? Tag => Parameters["tag"] as string;

    /// <summary>
    /// The signatures of a message, be they ours or added on the way; null for fields that are malformed. Left out: those
    /// without a value, and those that cover components with parameters, which no profile of ours takes.
    /// </summary>
    public static IReadOnlyList<MessageSignature>? Read(string input, string signature)
    {
        if (StructuredFields.Dictionary(input) is not { } inputs || StructuredFields.Dictionary(signature) is not { } values)
            return null;
        var found = new List<MessageSignature>();
        foreach (var (label, parameters) in inputs)
        {
            if (parameters.Value is not IReadOnlyList<StructuredItem> components)
                return null;
            if (values.FirstOrDefault(v => v.Key == label).Value is { Value: byte[] value } && components.All(c => c.Value is string && c.Parameters.Count == 0))
                found.Add(new MessageSignature([.. components.Select(c => (string)c.Value)], parameters, value));
        }
        return found;
    }

    /// <summary>
    /// What is signed (RFC 9421, section 2.5), in UTF-8; null if the message has not all that is covered.
    /// <paramref name="component"/> answers a component's value, with blanks at its ends cut.
    /// </summary>
    public byte[]? Base(Func<string, string?> component)
    {
        var text = new StringBuilder();
        foreach (var name in Components)
        {
            if (component(name) is not { } value || value.AsSpan().ContainsAny('\r', '\n'))
                return null;
            text.Append(StructuredFields.Quoted(name)).Append(": ").Append(value).Append('\n');
        }
        text.Append("\"@signature-params\": ").Append(StructuredFields.Text(Parameters));
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
