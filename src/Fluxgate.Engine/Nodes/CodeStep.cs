using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Engine.Nodes.Code;

namespace Fluxgate.Engine.Nodes;

/// <summary>
/// The <c>code</c> node: JavaScript that computes a value. It reaches nothing, so what it does is done again at will. Its
/// time begins when it runs, not while it waits for a place.
/// </summary>
public sealed class CodeStep(CodeSandbox sandbox)
{
    public async Task<EffectOutcome> Run(StepEffect effect, CancellationToken cancel)
    {
        var returned = await sandbox.Run(effect.Literal("source"), effect.Setting("input") ?? CelValue.Null, effect.Timeout, cancel);
        // What a code says when it fails may be made of what it was given.
        if (returned.Error is { Code: "code.threw" } threw && effect.Node.Sensitive.Count > 0)
            returned = threw with { Message = "The code failed: (sensitive)" };
        return new EffectOutcome(returned, Retryable: returned.Error is { Kind: ErrorKind.Unavailable }, null);
    }
}
