using System.Text;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Workflows;
using Fluxgate.Data.Sessions;
using Fluxgate.Data.Vault;
using Fluxgate.Server.Security;
using Fluxgate.Server.Security.Access;

namespace Fluxgate.Server.Features.Workflows;

/// <summary>Rows of workflows and their sealed documents.</summary>
internal sealed class WorkflowStore(Database database, KeyVault vault, ResourceGate resources)
{
    internal sealed record WorkflowRow(
        WorkflowId Id, string Name, WorkflowState State, byte[]? Draft, DocumentFormat? DraftFormat, int? PublishedVersion, int Revision,
        DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? NextRunAt, Guid? FolderId,
        bool IsPolled, DateTimeOffset? LookedAt, DateTimeOffset? NextLookAt, int? LookFailures, string? LookErrorCode, byte[]? LookError);

    /// <summary>Workflows <c>w</c> with their schedule <c>s</c> and their poll <c>p</c>.</summary>
    private static Sql Selection => $"""
        select w.id, w.name, w.state, w.draft, w.draft_format, w.published_version, w.revision, w.created_at, w.updated_at, s.next_at as next_run_at, w.folder_id,
               p.workflow_id is not null as is_polled, p.looked_at, case when w.state = 'published' then p.next_at end as next_look_at,
               p.failures as look_failures, p.error_code as look_error_code, p.error_message as look_error
        from workflows w
        left join schedules s on s.organization_id = w.organization_id and s.workflow_id = w.id and w.state = 'published'
        left join polls p on p.organization_id = w.organization_id and p.workflow_id = w.id
        """;

    private sealed record VersionRow(byte[] Document, DocumentFormat DocumentFormat);

    public Task<WorkflowRow?> Find(OrganizationCaller caller, WorkflowId id, CancellationToken cancel) =>
        database.As(caller).QueryOptional<WorkflowRow>($"""
            {Selection}
            where w.organization_id = {caller.Organization} and w.id = {id}
            """, cancel);

    /// <summary>The row, locked until the transaction ends, so that two changes of one workflow do not cross.</summary>
    public static Task<WorkflowRow?> Lock(Transaction transaction, OrganizationCaller caller, WorkflowId id, CancellationToken cancel) =>
        transaction.QueryOptional<WorkflowRow>($"""
            {Selection}
            where w.organization_id = {caller.Organization} and w.id = {id} for update of w
            """, cancel);

    public async Task<(string Text, DocumentFormat Format)?> Version(OrganizationId organization, UserId? user, WorkflowId id, int version, CancellationToken cancel)
    {
        var row = await database.Tenant(organization, user).QueryOptional<VersionRow>($"""
            select document, document_format from workflow_versions where organization_id = {organization} and workflow_id = {id} and version = {version}
            """, cancel);
        return row is null ? null : (await Open(organization, id, row.Document, cancel), row.DocumentFormat);
    }

    /// <summary>The text of the draft, or of the published version if there is no draft.</summary>
    public async Task<(string Text, DocumentFormat Format)> Current(OrganizationCaller caller, WorkflowRow row, CancellationToken cancel) =>
        row.Draft is { } draft
            ? (await Open(caller.Organization, row.Id, draft, cancel), row.DraftFormat!.Value)
            : (await Version(caller.Organization, caller.User, row.Id, row.PublishedVersion!.Value, cancel))!.Value;

    public async Task<WorkflowResponse> Respond(OrganizationCaller caller, WorkflowRow row, CancellationToken cancel)
    {
        var (text, format) = await Current(caller, row, cancel);
        return new WorkflowResponse(row.Id, row.Name, row.State, row.PublishedVersion, row.Draft is not null, row.Revision, row.CreatedAt, row.UpdatedAt, row.NextRunAt, row.FolderId, await Rights(caller, row.Id, cancel), await Poll(caller.Organization, row, cancel), text, format);
    }

    public Task<IReadOnlyList<Right>> Rights(OrganizationCaller caller, WorkflowId id, CancellationToken cancel) => resources.RightsOn(caller, ResourceKind.Workflow, id.Value, cancel);

    private async Task<PollStatus?> Poll(OrganizationId organization, WorkflowRow row, CancellationToken cancel)
    {
        if (!row.IsPolled)
            return null;
        var error = row.LookError is { } text ? Encoding.UTF8.GetString((await vault.For(organization, cancel)).Open(SealedField.PollError, row.Id.Value, text)) : null;
        return new PollStatus(row.LookedAt, row.NextLookAt, row.LookFailures ?? 0, row.LookErrorCode, error);
    }

    public async Task<byte[]> Seal(OrganizationId organization, WorkflowId id, string text, CancellationToken cancel) =>
        (await vault.For(organization, cancel)).Seal(SealedField.WorkflowDocument, id.Value, Encoding.UTF8.GetBytes(text));

    public async Task<string> Open(OrganizationId organization, WorkflowId id, byte[] sealedText, CancellationToken cancel) =>
        Encoding.UTF8.GetString((await vault.For(organization, cancel)).Open(SealedField.WorkflowDocument, id.Value, sealedText));
}
