using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Fluxgate.Guards.Tests;

/// <summary>A request that changes something is an audit event. This is the list of such requests with their events; an endpoint that is not in it fails.</summary>
public sealed class AuditCoverageTests
{
    private static readonly Dictionary<string, string> Events = new(StringComparer.Ordinal)
    {
        ["set_up"] = "organization.created",
        ["sign_up"] = "organization.created",
        ["sign_in"] = "sign_in.succeeded",
        ["redeem_sign_in_link"] = "sign_in.succeeded",
        ["sign_out"] = "session.ended",
        ["end_my_session"] = "session.ended",
        ["create_organization"] = "organization.created",
        ["update_organization"] = "organization.updated",
        ["change_member_roles"] = "member.roles_changed",
        ["remove_member"] = "member.removed",
        ["create_invitation"] = "invitation.created",
        ["revoke_invitation"] = "invitation.revoked",
        ["accept_invitation"] = "invitation.accepted",
        ["create_group"] = "group.created",
        ["set_group_members"] = "group.members_set",
        ["set_group_roles"] = "group.roles_set",
        ["create_role"] = "role.created",
        ["change_role"] = "role.changed",
        ["delete_role"] = "role.deleted",
        ["create_folder"] = "folder.created",
        ["rename_folder"] = "folder.renamed",
        ["delete_folder"] = "folder.deleted",
        ["move_workflow"] = "workflow.moved",
        ["set_workflow_access"] = "{SnakeCase.From(change.Kind)}.access_changed",
        ["set_folder_access"] = "{SnakeCase.From(change.Kind)}.access_changed",
        ["set_connector_access"] = "{SnakeCase.From(change.Kind)}.access_changed",
        ["set_credential_access"] = "{SnakeCase.From(change.Kind)}.access_changed",
        ["delete_group"] = "group.deleted",
        ["create_api_key"] = "api_key.created",
        ["rotate_api_key"] = "api_key.rotated",
        ["suspend_api_key"] = "api_key.suspended",
        ["restore_api_key"] = "api_key.restored",
        ["create_signing_key"] = "signing_key.created",
        ["delete_signing_key"] = "signing_key.deleted",
        ["require_signature"] = "api_key.signing_changed",
        ["update_signing_policy"] = "signing_policy.updated",
        ["report_leaked_key"] = "api_key.leak_reported",
        ["create_service_account"] = "service_account.created",
        ["change_service_account"] = "service_account.changed",
        ["delete_service_account"] = "service_account.deleted",
        ["create_client_key"] = "client_key.created",
        ["change_client_key"] = "client_key.changed",
        ["revoke_client_key"] = "client_key.revoked",
        ["start_public_run"] = "run.finished",
        ["revoke_api_key"] = "api_key.revoked",
        ["set_api_kill_switch"] = "kill_switch.set",
        ["set_hooks_kill_switch"] = "kill_switch.set",
        ["set_workflow_kill_switch"] = "kill_switch.set",
        ["set_retention"] = "retention.updated",
        ["remove_retention"] = "retention.removed",
        ["set_folder_retention"] = "retention.updated",
        ["remove_folder_retention"] = "retention.removed",
        ["set_workflow_retention"] = "retention.updated",
        ["remove_workflow_retention"] = "retention.removed",
        ["reveal_run"] = "run.revealed",
        ["create_credential"] = "credential.created",
        ["update_credential"] = "credential.updated",
        ["replace_credential_secret"] = "credential.secret_replaced",
        ["delete_credential"] = "credential.deleted",
        ["complete_account_connection"] = "credential.connected",
        ["disconnect_account"] = "credential.disconnected",
        ["create_connector"] = "connector.created",
        ["update_connector"] = "connector.updated",
        ["delete_connector"] = "connector.deleted",
        ["test_connector"] = "connector.tested",
        ["reset_connector_breaker"] = "connector.breaker_reset",
        ["update_anomaly_settings"] = "anomaly_settings.updated",
        ["acknowledge_anomaly"] = "anomaly.acknowledged",
        ["update_limits"] = "limits.updated",
        ["update_egress_policy"] = "egress_policy.updated",
        ["set_kv_entry"] = "kv.set",
        ["delete_kv_entry"] = "kv.deleted",
        ["increment_kv_entry"] = "kv.incremented",
        ["create_workflow"] = "workflow.created",
        ["clone_workflow"] = "workflow.cloned",
        ["open_workflow_draft"] = "workflow.draft_opened",
        ["save_workflow_draft"] = "workflow.draft_saved",
        ["publish_workflow"] = "workflow.published",
        ["pause_workflow"] = "workflow.paused",
        ["resume_workflow"] = "workflow.resumed",
        ["archive_workflow"] = "workflow.archived",
        ["record_workflow_test"] = "workflow_test.recorded",
        ["delete_workflow_test"] = "workflow_test.deleted",
        ["test_workflow"] = "workflow.tested",
        ["start_run"] = "run.finished",
        ["receive_hook"] = "run.finished",
        ["receive_hook_by_put"] = "run.finished",
        ["send_run_signal"] = "run.signal_sent",
        ["retry_run"] = "run.finished",
        ["retry_runs"] = "run.retried_all",
        ["cancel_runs"] = "run.cancelled_all",
        ["decide_step_outcome"] = "run.outcome_decided",
        ["cancel_run"] = "run.cancel_requested",
        ["decide_review"] = "review.approved",
        ["create_webhook_endpoint"] = "webhook_endpoint.created",
        ["delete_webhook_endpoint"] = "webhook_endpoint.deleted",
    };

    /// <summary>Requests with a body that change nothing.</summary>
    private static readonly HashSet<string> Harmless = new(StringComparer.Ordinal) { "validate_workflow", "verify_audit_log", "connect_account" };


    [Fact]
    public async Task Every_changing_request_names_the_event_that_it_records()
    {
        var installation = await Installation.Get();
        var endpoints = installation.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>() is { } methods && methods.HttpMethods.Any(m => m is not ("GET" or "HEAD")))
            .Select(e => e.Metadata.GetMetadata<EndpointNameMetadata>()?.EndpointName ?? e.DisplayName!)
            .ToHashSet(StringComparer.Ordinal);
        Assert.NotEmpty(endpoints);
        Assert.Empty(endpoints.Except(Events.Keys).Except(Harmless));
        Assert.Empty(Events.Keys.Concat(Harmless).Except(endpoints));
    }

    [Fact]
    public void Every_event_that_is_named_is_written_somewhere()
    {
        var source = string.Join('\n', Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        foreach (var type in Events.Values.Distinct())
            Assert.True(
                source.Contains($"\"{type}\"", StringComparison.Ordinal) || (type.StartsWith("workflow.", StringComparison.Ordinal) && source.Contains($"\"{type["workflow.".Length..]}\"", StringComparison.Ordinal)),
                $"{type} is written nowhere.");
    }
}
