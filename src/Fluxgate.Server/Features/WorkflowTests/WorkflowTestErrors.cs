using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;

namespace Fluxgate.Server.Features.WorkflowTests;

internal static class WorkflowTestErrors
{
    public static readonly Error NotFound = Error.NotFound("workflow_test");
    public static readonly Error TooMany = Error.Refused("workflow_test.too_many", $"A workflow has at most {WorkflowTestStore.Most} tests; delete one first.");
    public static readonly Error TooLarge = new("workflow_test.too_large", ErrorKind.TooLarge, $"A recording is at most {WorkflowTestStore.LargestRecording / 1024} KiB; record a run with less data.");
    public static readonly Error DoesTooMuch = new("workflow_test.does_too_much", ErrorKind.TooLarge, $"What the run does with others is more than {RunLimits.RunBytes / 1024 / 1024} MiB in all, which cannot be compared.");
    public static readonly Error NotFinished = Error.Conflict("workflow_test.run_not_finished", "Only a run that has ended is a recording.");
    public static readonly Error OtherWorkflow = Error.Refused("workflow_test.other_workflow", "The run is not one of this workflow's.");
    public static readonly Error None = Error.Refused("workflow_test.none", "The workflow has no test; record one from a run (PUT …/tests/{name}).");
    public static readonly Error TookTooLong = Error.Refused("workflow_test.too_long", $"The tests took longer than {TestBench.Longest.TotalSeconds:0} s and were broken off; name fewer of them.");
    public static readonly Error NeedsWrite = new("permission.missing", ErrorKind.Forbidden, "Testing a draft or a document needs the permission workflows:write; a published version does not.");
}
