-- Runs that take up where another one ended.

alter table runs add column retry_of uuid;
create index runs_by_retried on runs (organization_id, retry_of) where retry_of is not null;
