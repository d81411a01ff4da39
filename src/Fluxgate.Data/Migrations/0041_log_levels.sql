-- What running servers log: the newest row counts. Rows are only added, so they tell who changed it, when and why.

create table log_levels (
    id       uuid primary key,
    -- Null is what each server's configuration says.
    level    text collate "C" check (level in ('trace', 'debug', 'information', 'warning', 'error')),
    reason   text not null check (char_length(reason) between 1 and 500),
    set_by   text not null check (char_length(set_by) between 1 and 320),
    set_at   timestamptz not null,
    until_at timestamptz,
    check (until_at > set_at)
);
call internal.protect('log_levels', 'platform', null, 'what the operator has running servers log');
call internal.allow_platform('log_levels', 'select, insert');
