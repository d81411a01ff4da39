using Fluxgate.Core.Kernel;

namespace Fluxgate.Server.Features.Workflows;

internal static class WorkflowErrors
{
    public static readonly Error NotFound = Error.NotFound("workflow");
    public static readonly Error NameTaken = Error.Conflict("workflow.name_taken", "Another workflow has this name; names are compared without regard to case.");
    public static readonly Error NotADraft = Error.Conflict("workflow.not_a_draft", "Only a draft can be edited; open one from the published version first (POST …/draft).");
    public static readonly Error HasDraft = Error.Conflict("workflow.has_draft", "There is a draft already.");
    public static readonly Error NothingToPublish = Error.Conflict("workflow.nothing_to_publish", "There is no draft to publish.");
    public static readonly Error Stale = new("workflow.stale", ErrorKind.Stale, "The workflow has changed since you read it; read it again.");
    public static readonly Error PathTaken = Error.Conflict("workflow.webhook_path_taken", "Another workflow answers at this webhook path.");

    public static Error WrongState(WorkflowState state, string verb) =>
        Error.Conflict("workflow.wrong_state", $"A workflow that is {SnakeCase.From(state)} cannot be {verb}.");
}
