using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Core.Runs;

/// <summary>
/// The names that expressions of a run see: <c>trigger</c>, <c>steps</c>, <c>vars</c>, <c>run</c>, <c>now</c>, and <c>item</c> and
/// <c>index</c> in the body of a loop; and, of a step that has read them, the values of <c>kv("name")</c>.
/// </summary>
internal sealed class RunScope(RunState state, GraphState graph, RunId run, DateTimeOffset now, CelValue? keyValues = null) : CelScope
{
    public override bool TryCall(string function, string literal, out CelValue value)
    {
        value = default;
        return function == "kv" && keyValues is { } read && read.TryGetMember(literal, out value);
    }

    public override bool TryGet(string name, out CelValue value)
    {
        switch (name)
        {
            case "trigger":
                value = state.Trigger;
                return true;
            case "steps":
                value = graph.Outputs;
                return true;
            case "vars":
                value = state.Workflow.Vars;
                return true;
            case "now":
                value = CelValue.From(now);
                return true;
            case "run":
                value = CelValue.Map(
                    ("id", CelValue.From(run.ToString())),
                    ("started_at", CelValue.From(state.StartedAt)));
                return true;
            default:
                return graph.TryGetItem(name, out value);
        }
    }
}
