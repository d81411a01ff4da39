-- Runs that other runs call.

alter table runs add column parent_run_id uuid, add column parent_node text;
create index runs_by_parent on runs (organization_id, parent_run_id, id) where parent_run_id is not null;

-- A run tells the one that called it how it ended, in the transaction of its end; and a caller that gives up tells those that it called.
grant insert on run_signals to fluxgate_engine;
