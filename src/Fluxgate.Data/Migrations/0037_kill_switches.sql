-- What is switched off at once: everywhere, of one organization, or one workflow. A row is an "off"; without one it is on.

create table installation_switches (
    kind   text collate "C" not null check (kind in ('api', 'hooks', 'node_type')),
    name   text collate "C" not null check (char_length(name) <= 50),
    reason text not null check (char_length(reason) between 1 and 500),
    set_by text not null check (char_length(set_by) between 1 and 320),
    set_at timestamptz not null,
    primary key (kind, name),
    check ((kind = 'node_type') = (name <> ''))
);
call internal.protect('installation_switches', 'platform', null, 'what the operator has switched off for everybody');
call internal.allow_platform('installation_switches', 'select, insert, delete');

create table kill_switches (
    organization_id uuid not null references organizations on delete cascade,
    id              uuid not null,
    kind            text collate "C" not null check (kind in ('organization', 'api', 'hooks', 'workflow')),
    workflow_id     uuid,
    reason          text not null check (char_length(reason) between 1 and 500),
    set_by          text not null check (char_length(set_by) between 1 and 320),
    set_at          timestamptz not null,
    primary key (organization_id, id),
    unique nulls not distinct (organization_id, kind, workflow_id),
    foreign key (organization_id, workflow_id) references workflows (organization_id, id) on delete cascade,
    check ((kind = 'workflow') = (workflow_id is not null))
);
call internal.protect('kill_switches', 'tenant', 'organization_id', 'what of an organization is switched off: its keys, its hooks, a workflow, or by the operator the organization');
call internal.allow_platform('kill_switches', 'select, insert, delete');
grant select, insert, delete on kill_switches to fluxgate_app;
create policy no_reviewer on kill_switches as restrictive to fluxgate_app using ((select auth.role()) <> 'reviewer');

-- The switch of a whole organization is the operator's: whoever is in it can neither set nor lift it.
create policy not_the_operators_to_set on kill_switches as restrictive for insert to fluxgate_app with check (kind <> 'organization');
create policy not_the_operators_to_lift on kill_switches as restrictive for delete to fluxgate_app using (kind <> 'organization');
