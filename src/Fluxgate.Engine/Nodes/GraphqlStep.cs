using System.Text;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Engine.Nodes;

/// <summary>
/// The <c>graphql</c> node: an operation as a POST to an endpoint of a connector, over the way of the <c>http</c> node with
/// all that belongs to it. Gives <c>{data, errors}</c>; errors in the answer are a failure unless part of it is enough.
/// </summary>
public sealed class GraphqlStep(HttpStep http)
{
    private const int MessageCharacters = 500;

    public async Task<EffectOutcome> Run(StepEffect effect, CancellationToken cancel)
    {
        if (effect.Setting("variables") is { Kind: not CelKind.Map })
            return EffectOutcome.Final(Error.Refused("graphql.variables", "'variables' is a map."));
        var settings = new Dictionary<string, CelValue>(StringComparer.Ordinal) { ["body"] = Operation(effect) };
        foreach (var name in (string[])["parameters", "headers"])
            if (effect.Setting(name) is { } setting)
                settings[name] = setting;
        var outcome = await http.Run(effect with { Settings = CelValue.Map(settings) }, cancel);
        return outcome.Value.Succeeded ? outcome with { Value = Read(effect, outcome.Value.Value) } : outcome;
    }

    /// <summary>The text of the operation is the workflow's own; data enters it by its variables.</summary>
    private static CelValue Operation(StepEffect effect)
    {
        var body = new Dictionary<string, CelValue>(StringComparer.Ordinal) { ["query"] = CelValue.From(effect.Literal("query")) };
        if (effect.Setting("variables") is { } variables)
            body["variables"] = variables;
        if (effect.Literal("operation_name") is { Length: > 0 } name)
            body["operationName"] = CelValue.From(name);
        return CelValue.Map(body);
    }

    private static Result<CelValue> Read(StepEffect effect, CelValue answer)
    {
        answer.TryGetMember("body", out var body);
        if (body.Kind != CelKind.Map || !(body.TryGetMember("data", out var data) | body.TryGetMember("errors", out var errors)))
            return Error.Refused("graphql.answer", "The service answered with no GraphQL: there is neither 'data' nor 'errors'.");
        var failed = errors.Kind == CelKind.List && errors.AsList.Count > 0;
        var partly = effect.Setting("allow_partial") is { Kind: CelKind.Bool, AsBool: true } && data.Kind == CelKind.Map;
        if (failed && !partly)
            return Error.Refused("graphql.errors", $"The service answered with errors: {(effect.Node.Sensitive.Count > 0 ? "(sensitive)" : Messages(errors))}");
        return CelValue.Map(
            ("data", data.Kind == CelKind.Map ? data : CelValue.Null),
            ("errors", failed ? errors : CelValue.List([])));
    }

    private static string Messages(CelValue errors)
    {
        var text = string.Join("; ", errors.AsList.Take(5).Select(e => e.TryGetMember("message", out var message) && message.Kind == CelKind.String ? message.AsString : Encoding.UTF8.GetString(e.ToJson())));
        return StorableText.Cut(text, MessageCharacters);
    }
}
