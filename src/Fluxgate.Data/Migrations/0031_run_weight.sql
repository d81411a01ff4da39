-- How much memory a run will take: who takes it up knows before it does.

alter table run_work add column data_bytes bigint not null default 0;
