using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Engine.Runs;

/// <summary>
/// Many appends as one statement: the journal's key decides which of them win, and all other rows join the winners, so
/// an append is there whole or not at all. A part that the batch has no rows for is left out: PostgreSQL prepares each
/// part of a statement anew, rows or not, which was most of a small batch's time. The rare parts come and go together,
/// so that there are few different statements.
/// </summary>
internal static class AppendStatement
{
    /// <summary>The append ids that won.</summary>
    public static async Task<HashSet<Guid>> Execute(Session session, IReadOnlyList<JournalAppend> batch, CancellationToken cancel) =>
        [.. await session.Query<Guid>(Statement(batch), cancel)];

    private static Sql Statement(IReadOnlyList<JournalAppend> batch)
    {
        var receipts = batch.Where(a => a.Receipt is not null).ToArray();
        Sql statement = $"with ";
        AddReceipts(statement, receipts);
        AddWinners(statement, batch, receipts);
        AddWork(statement, [.. batch.Where(a => a.Work is not null)]);
        AddEnded(statement, [.. batch.Where(a => a.EndsWork)]);
        AddAudit(statement, batch);
        AddWhatFollows(statement, batch);
        statement.Append($" select append_id from won");
        return statement;
    }

    private static void AddReceipts(Sql statement, JournalAppend[] receipts)
    {
        if (receipts.Length == 0)
            return;
        statement.Append($"""
            receipt as (
                insert into trigger_receipts (organization_id, workflow_id, dedup_key, run_id, body_hash, received_at)
                select * from unnest({Column(receipts, a => a.Organization.Value)}::uuid[], {Column(receipts, a => a.Snapshot.Workflow.Value)}::uuid[],
                    {Column(receipts, a => a.Receipt!.Key)}::text[], {Column(receipts, a => a.Run.Value)}::uuid[],
                    {Column(receipts, a => a.Receipt!.BodyHash)}::bytea[], {Column(receipts, a => a.At)}::timestamptz[])
                on conflict do nothing
                returning run_id
            ),

            """);
    }

    private static void AddWinners(Sql statement, IReadOnlyList<JournalAppend> batch, JournalAppend[] receipts)
    {
        statement.Append($"""
            won as (
                insert into run_journal (organization_id, run_id, append_no, append_id, format, events, value_id, written_at)
                select j.* from unnest({Column(batch, a => a.Organization.Value)}::uuid[], {Column(batch, a => a.Run.Value)}::uuid[], {Column(batch, a => a.AppendNo)}::int[],
                    {Column(batch, a => a.AppendId)}::uuid[], {Column(batch, _ => Core.Runs.RunJournal.Format)}::int[], {Column(batch, a => a.Events)}::bytea[],
                    {Column(batch, a => a.ValueId)}::uuid[], {Column(batch, a => a.At)}::timestamptz[]) as j(organization_id, run_id, append_no, append_id, format, events, value_id, written_at)
            """);
        if (receipts.Length > 0)
            statement.Append($" where not j.run_id = any ({Column(receipts, a => a.Run.Value)}::uuid[]) or j.run_id in (select run_id from receipt)");
        statement.Append($"""

                on conflict do nothing
                returning run_id, append_id
            ), snapshot as (
                insert into runs (organization_id, id, workflow_id, workflow_version, status, trigger_type, parent_run_id, parent_node, retry_of, started_at, finished_at, error_code, append_no)
                select s.* from unnest({Column(batch, a => a.Organization.Value)}::uuid[], {Column(batch, a => a.Run.Value)}::uuid[],
                    {Column(batch, a => a.Snapshot.Workflow.Value)}::uuid[], {Column(batch, a => a.Snapshot.WorkflowVersion)}::int[],
                    {Column(batch, a => SnakeCase.From(a.Snapshot.Status))}::text[], {Column(batch, a => a.Snapshot.TriggerType)}::text[],
                    {Column(batch, a => a.Snapshot.Parent?.Run.Value)}::uuid[], {Column(batch, a => a.Snapshot.Parent?.Node)}::text[], {Column(batch, a => a.Snapshot.RetryOf?.Value)}::uuid[],
                    {Column(batch, a => a.Snapshot.StartedAt)}::timestamptz[], {Column(batch, a => a.Snapshot.FinishedAt)}::timestamptz[],
                    {Column(batch, a => a.Snapshot.ErrorCode)}::text[], {Column(batch, a => a.AppendNo)}::int[])
                    as s(organization_id, id, workflow_id, workflow_version, status, trigger_type, parent_run_id, parent_node, retry_of, started_at, finished_at, error_code, append_no)
                where s.id in (select run_id from won)
                on conflict (organization_id, id) do update
                set status = excluded.status, finished_at = excluded.finished_at, error_code = excluded.error_code, append_no = excluded.append_no
            )
            """);
    }

    private static void AddWork(Sql statement, JournalAppend[] work)
    {
        if (work.Length == 0)
            return;
        statement.Append($"""
            , work as (
                insert into run_work (organization_id, run_id, node_id, due_at, data_bytes)
                select w.* from unnest({Column(work, a => a.Organization.Value)}::uuid[], {Column(work, a => a.Run.Value)}::uuid[],
                    {Column(work, a => a.Work!.Node)}::uuid[], {Column(work, a => a.Work!.DueAt)}::timestamptz[], {Column(work, a => a.Work!.DataBytes)}::bigint[]) as w(organization_id, run_id, node_id, due_at, data_bytes)
                where w.run_id in (select run_id from won)
                on conflict (organization_id, run_id) do update set node_id = excluded.node_id, due_at = excluded.due_at, data_bytes = excluded.data_bytes
            )
            """);
    }

    private static void AddEnded(Sql statement, JournalAppend[] ended)
    {
        if (ended.Length == 0)
            return;
        statement.Append($"""
            , ended as (
                delete from run_work k
                using unnest({Column(ended, a => a.Organization.Value)}::uuid[], {Column(ended, a => a.Run.Value)}::uuid[]) as e(organization_id, run_id)
                where k.organization_id = e.organization_id and k.run_id = e.run_id and e.run_id in (select run_id from won)
            )
            """);
    }

    private static void AddAudit(Sql statement, IReadOnlyList<JournalAppend> batch)
    {
        var audit = batch.SelectMany(a => a.Audit.Select(row => (a.Run, Row: row))).ToArray();
        if (audit.Length == 0)
            return;
        statement.Append($"""
            , recorded as (
                insert into audit_events (organization_id, id, occurred_at, type, action, result, actor_kind, actor_id, actor_label, network,
                    resource_kind, resource_id, resource_name, content, salt)
                select a.organization_id, a.id, a.occurred_at, a.type, a.action, a.result, a.actor_kind, a.actor_id, a.actor_label, a.network,
                    a.resource_kind, a.resource_id, a.resource_name, a.content, a.salt
                from unnest({Column(audit, a => a.Row.OrganizationId.Value)}::uuid[], {Column(audit, a => a.Row.Id)}::uuid[], {Column(audit, a => a.Row.OccurredAt)}::timestamptz[],
                    {Column(audit, a => a.Row.Type)}::text[], {Column(audit, a => a.Row.Action)}::text[], {Column(audit, a => a.Row.Result)}::text[],
                    {Column(audit, a => a.Row.ActorKind)}::text[], {Column(audit, a => a.Row.ActorId)}::uuid[], {Column(audit, a => a.Row.ActorLabel)}::text[],
                    {Column(audit, a => a.Row.Network)}::text[], {Column(audit, a => a.Row.ResourceKind)}::text[], {Column(audit, a => a.Row.ResourceId)}::uuid[],
                    {Column(audit, a => a.Row.ResourceName)}::text[], {Column(audit, a => a.Row.Content)}::bytea[], {Column(audit, a => a.Row.Salt)}::bytea[],
                    {Column(audit, a => a.Run.Value)}::uuid[])
                    as a(organization_id, id, occurred_at, type, action, result, actor_kind, actor_id, actor_label, network,
                        resource_kind, resource_id, resource_name, content, salt, run_id)
                where a.run_id in (select run_id from won)
            ), queued as (
                insert into audit_queue (organization_id, id, leaf)
                select q.organization_id, q.id, q.leaf
                from unnest({Column(audit, a => a.Row.OrganizationId.Value)}::uuid[], {Column(audit, a => a.Row.Id)}::uuid[], {Column(audit, a => a.Row.Leaf)}::bytea[],
                    {Column(audit, a => a.Run.Value)}::uuid[]) as q(organization_id, id, leaf, run_id)
                where q.run_id in (select run_id from won)
            )
            """);
    }

    /// <summary>Events for webhooks, reviews, error workflows, and signals told and taken.</summary>
    private static void AddWhatFollows(Sql statement, IReadOnlyList<JournalAppend> batch)
    {
        var outbox = batch.SelectMany(a => a.Outbox.Select(row => (Append: a, Row: row))).ToArray();
        var reviews = batch.SelectMany(a => a.Reviews.Select(row => (Append: a, Row: row))).ToArray();
        var closed = batch.SelectMany(a => a.ClosedReviews.Select(review => (Append: a, Review: review))).ToArray();
        var failed = batch.Where(a => a.ErrorRun is not null).ToArray();
        var told = batch.SelectMany(a => a.Signals.Select(row => (Append: a, Row: row))).ToArray();
        var signals = batch.SelectMany(a => a.SignalsTaken.Select(id => (Append: a, Id: id))).ToArray();
        if (outbox.Length + reviews.Length + closed.Length + failed.Length + told.Length + signals.Length == 0)
            return;
        statement.Append($"""
            , sent as (
                insert into outbox (organization_id, id, event_type, payload, created_at)
                select o.organization_id, o.id, o.event_type, o.payload, o.created_at
                from unnest({Column(outbox, o => o.Append.Organization.Value)}::uuid[], {Column(outbox, o => o.Row.Id)}::uuid[], {Column(outbox, o => o.Row.EventType)}::text[],
                    {Column(outbox, o => o.Row.Payload)}::bytea[], {Column(outbox, o => o.Append.At)}::timestamptz[], {Column(outbox, o => o.Append.Run.Value)}::uuid[])
                    as o(organization_id, id, event_type, payload, created_at, run_id)
                where o.run_id in (select run_id from won)
            ), asked as (
                insert into reviews (organization_id, id, run_id, workflow_id, node, state, content, content_sha256, approvers, created_at, expires_at)
                select r.organization_id, r.id, r.run_id, r.workflow_id, r.node, r.state, r.content, r.content_sha256, string_to_array(r.approvers, E'\n'), r.created_at, r.expires_at
                from unnest({Column(reviews, r => r.Append.Organization.Value)}::uuid[], {Column(reviews, r => r.Row.Id)}::uuid[], {Column(reviews, r => r.Append.Run.Value)}::uuid[],
                    {Column(reviews, r => r.Append.Snapshot.Workflow.Value)}::uuid[], {Column(reviews, r => r.Row.Node)}::text[], {Column(reviews, r => r.Row.Content)}::bytea[],
                    {Column(reviews, r => r.Row.ContentSha256)}::bytea[], {Column(reviews, r => r.Row.State)}::text[], {Column(reviews, r => string.Join('\n', r.Row.Approvers))}::text[],
                    {Column(reviews, r => r.Append.At)}::timestamptz[], {Column(reviews, r => r.Row.ExpiresAt)}::timestamptz[])
                    as r(organization_id, id, run_id, workflow_id, node, content, content_sha256, state, approvers, created_at, expires_at)
                where r.run_id in (select run_id from won)
            ), closed as (
                update reviews v set state = c.state
                from unnest({Column(closed, c => c.Append.Organization.Value)}::uuid[], {Column(closed, c => c.Review.Id)}::uuid[], {Column(closed, c => c.Review.State)}::text[],
                    {Column(closed, c => c.Append.Run.Value)}::uuid[]) as c(organization_id, id, state, run_id)
                where v.organization_id = c.organization_id and v.id = c.id and v.state = 'pending' and c.run_id in (select run_id from won)
            ), failed as (
                insert into error_starts (organization_id, run_id, handler_run_id, due_at)
                select f.* from unnest({Column(failed, a => a.Organization.Value)}::uuid[], {Column(failed, a => a.Run.Value)}::uuid[], {Column(failed, a => a.ErrorRun)}::uuid[],
                    {Column(failed, a => a.At)}::timestamptz[]) as f(organization_id, run_id, handler_run_id, due_at)
                where f.run_id in (select run_id from won)
            ), told as (
                insert into run_signals (organization_id, run_id, id, payload, created_at)
                select t.organization_id, t.to_run, t.id, t.payload, t.created_at
                from unnest({Column(told, t => t.Append.Organization.Value)}::uuid[], {Column(told, t => t.Row.To.Value)}::uuid[], {Column(told, t => t.Row.Id)}::uuid[],
                    {Column(told, t => t.Row.Payload)}::bytea[], {Column(told, t => t.Append.At)}::timestamptz[], {Column(told, t => t.Append.Run.Value)}::uuid[])
                    as t(organization_id, to_run, id, payload, created_at, run_id)
                where t.run_id in (select run_id from won)
            ), taken as (
                delete from run_signals g
                using unnest({Column(signals, s => s.Append.Organization.Value)}::uuid[], {Column(signals, s => s.Append.Run.Value)}::uuid[], {Column(signals, s => s.Id)}::uuid[])
                    as s(organization_id, run_id, id)
                where g.organization_id = s.organization_id and g.run_id = s.run_id and g.id = s.id and s.run_id in (select run_id from won)
            )
            """);
    }

    private static TColumn[] Column<TRow, TColumn>(IReadOnlyList<TRow> rows, Func<TRow, TColumn> value) => [.. rows.Select(value)];
}
