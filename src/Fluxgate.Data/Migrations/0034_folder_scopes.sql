-- What holds for the workflows of a folder: how long their runs are kept, and entries of the key-value store.

alter table run_retention drop column workflow_id;
alter table run_retention add column workflow_id uuid;
alter table run_retention add column folder_id uuid;
update run_retention set workflow_id = id where id <> organization_id;
alter table run_retention add foreign key (organization_id, workflow_id) references workflows (organization_id, id) on delete cascade;
alter table run_retention add foreign key (organization_id, folder_id) references folders (organization_id, id) on delete cascade;
alter table run_retention add check (num_nonnulls(workflow_id, folder_id) <= 1 and id = coalesce(workflow_id, folder_id, organization_id));
comment on table run_retention is 'tenant: how long runs are kept: of a workflow, of the workflows of a folder, or (the organization''s id) of all; the nearest counts';

alter table kv_entries add column folder_id uuid;
alter table kv_entries add foreign key (organization_id, folder_id) references folders (organization_id, id) on delete cascade;
alter table kv_entries add check (num_nonnulls(workflow_id, folder_id) <= 1);
alter table kv_entries drop constraint kv_entries_organization_id_workflow_id_key_key;
-- An entry of the organization is of no workflow and of no folder.
alter table kv_entries add unique nulls not distinct (organization_id, workflow_id, folder_id, key);
drop index kv_entries_by_scope;
create index kv_entries_by_scope on kv_entries (organization_id, workflow_id, folder_id, id);
