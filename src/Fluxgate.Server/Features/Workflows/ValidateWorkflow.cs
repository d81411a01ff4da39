using Fluxgate.Core.Workflows;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Workflows;

/// <summary>Whether the document could be published now, and everything that is wrong with it if not. <paramref name="Name"/> is the document's, null if it cannot be read.</summary>
public sealed record WorkflowValidation(bool Valid, string? Name, IReadOnlyList<ProblemField> Errors);

internal static class ValidateWorkflow
{
    public static async Task<Reply<WorkflowValidation>> Handle(OrganizationCaller caller, WorkflowDocumentRequest request, WorkflowChecks checks, CancellationToken cancel)
    {
        var checkedWorkflow = await checks.Check(caller, request, publishing: true, cancel);
        return new WorkflowValidation(
            checkedWorkflow.Succeeded,
            WorkflowReader.Read(request.Document, request.Format) is { Succeeded: true, Value.Name: var name } ? name : null,
            [.. (checkedWorkflow.Error?.Fields ?? []).Select(f => new ProblemField(f.Pointer, f.Code, f.Message, f.Line, f.Column))]);
    }
}
