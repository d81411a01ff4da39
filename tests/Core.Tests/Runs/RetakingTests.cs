using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Core.Workflows;

namespace Fluxgate.Core.Tests.Runs;

/// <summary>F816: what a run keeps of the one that it takes up.</summary>
public sealed class RetakingTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(20_000);

    private static Workflow Read(string cases = "[a, b]", string choose = "switch") => WorkflowReader.Read($$"""
        format: 1
        name: W
        trigger: { type: api }
        nodes:
          - { id: choose, type: {{choose}}, settings: { {{(choose == "switch" ? $"value: b, cases: {cases}" : "output: 1")}} } }
          - { id: next, type: merge }
          - { id: bad, type: fail, settings: { message: no } }
          - { id: beside, type: transform, settings: { output: 1 } }
        edges: [{{(choose == "switch" ? "{ from: choose, port: b, to: next }, " : "")}}{ from: next, to: bad }]
        """, DocumentFormat.Yaml).Value;

    private static RunState Failed(Workflow workflow)
    {
        var state = new RunState(workflow);
        var random = new Random(1);
        state.Apply(new RunStarted(Now, "api", CelValue.Null));
        new RunDecider(state, new RunId(Guid.Empty), () => new Guid(random.Next(), 0, 0, new byte[8]), random.NextDouble).Advance(Now, [], []);
        Assert.Equal(RunStatus.Failed, state.Status);
        return state;
    }

    private static Result<IReadOnlyList<StepTakenOver>> Keep(Workflow next, string? from = null) => Retaking.Keep(Failed(Read()), new RunId(Guid.Empty), next, from, Now);

    [Fact]
    public void F816_What_is_done_is_kept_without_the_step_to_start_from_and_what_comes_after_it()
    {
        Assert.Equal(["choose", "next"], Keep(Read()).Value.Select(k => k.Node));
        Assert.Equal(["choose"], Keep(Read(), "next").Value.Select(k => k.Node));
        Assert.Empty(Keep(Read(), "choose").Value);
        Assert.Equal("run.unknown_step", Keep(Read(), "each[0].a").Error!.Code);
    }

    [Fact]
    public void F816_Another_version_needs_the_same_type_and_the_port_that_was_taken()
    {
        Assert.Equal(["choose", "next"], Keep(Read("[b, c]")).Value.Select(k => k.Node));
        Assert.Equal("run.step_not_kept", Keep(WorkflowReader.Read("""
            format: 1
            name: W
            trigger: { type: api }
            nodes:
              - { id: choose, type: switch, settings: { value: b, cases: [a, c] } }
              - { id: next, type: merge }
            """, DocumentFormat.Yaml).Value).Error!.Code);
        Assert.Equal("run.step_not_kept", Keep(Read(choose: "transform")).Error!.Code);
        Assert.Empty(Keep(Read(choose: "transform"), "choose").Value);
    }
}
