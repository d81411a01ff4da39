// The flow on an empty installation and on one that has grown: ten thousand organizations with a thousand ended runs
// each, with their journals and audit. Rows are made by SQL from those of one real run. Takes about half an hour and 35 GB.
//   node bench/grown.mjs [organizations] [runs of each]
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { body, plain } from './flow.mjs';
import { Fluxgate } from './lib/fluxgate.mjs';
import { load } from './lib/load.mjs';
import { sleep } from './lib/process.mjs';

const [organizations, runsEach] = [Number(process.argv[2] ?? 10_000), Number(process.argv[3] ?? 1000)];
const organizationsAtOnce = 250;

const server = await Fluxgate.start();
const sql = text => execFileSync('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-h', path.join(fs.readFileSync(path.join(server.directory, 'cluster'), 'utf8').trim(), 'socket'), '-U', 'fluxgate_admin', 'fluxgate'], { input: `set session authorization fluxgate_owner;\n${text}`, encoding: 'utf8' }).trim();

const of = ({ median, min, max }) => `${median.toFixed(1)} (${min.toFixed(1)}–${max.toFixed(1)})`;

async function measure(what) {
  const measured = await load(`${server.url}/hooks/bench/plain`, { body, pids: { fluxgate: server.pid, postgresql: server.postgresPid }, repeats: 5, seconds: 5 });
  for (const [connections, { rate, p50, p99, cpuPerRequest }] of Object.entries(measured))
    console.log(`| ${what} | ${connections} | ${of(rate)} | ${of(p50)} | ${of(p99)} | ${Object.values(cpuPerRequest).map(ms => ms.toFixed(2)).join(' + ')} |`);
}

try {
  await server.publish(plain('plain'));
  console.log('| installation | connections | runs/s: median (min–max) | p50 ms | p99 ms | CPU ms a run (server + PostgreSQL) |\n|---|---|---|---|---|---|');
  await measure('new');
  await sleep(3000);
  sql(`
    create table public.made (n int primary key, id uuid not null);
    insert into public.made select n, gen_random_uuid() from generate_series(1, ${organizations}) n;
    insert into organizations (id, slug, name, created_at) select id, 'made-' || n, 'Made ' || n, now() from public.made;
    create function public.made_id(share float8) returns uuid language sql volatile as $$
      select (lpad(to_hex((extract(epoch from date_trunc('month', now()) + (now() - date_trunc('month', now())) * share) * 1000)::bigint), 12, '0')
        || '7' || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid $$;`);
  for (let first = 1; first <= organizations; first += organizationsAtOnce)
    sql(`
      create temporary table filled as
      select m.id as organization_id, public.made_id(g.n / ${runsEach}::float8) as run_id, public.made_id(g.n / ${runsEach}::float8) as event_id, gen_random_uuid() as append_id, g.n
      from public.made m cross join generate_series(1, ${runsEach}) g(n) where m.n between ${first} and ${first + organizationsAtOnce - 1} order by 1, 2;
      create temporary table one as select r.*, j.format, j.events, j.written_at from runs r join run_journal j on j.organization_id = r.organization_id and j.run_id = r.id
        where r.status = 'succeeded' order by r.id limit 1;
      create temporary table told as select e.*, l.leaf, l.chain, l.sealed_at from audit_events e join audit_leaves l on l.organization_id = e.organization_id and l.event_id = e.id where e.type = 'run.finished' limit 1;
      insert into runs (organization_id, id, workflow_id, workflow_version, status, trigger_type, started_at, finished_at, append_no)
        select f.organization_id, f.run_id, f.organization_id, 1, o.status, o.trigger_type, o.started_at, o.finished_at, o.append_no from filled f cross join one o;
      insert into run_journal (organization_id, run_id, append_no, append_id, format, events, written_at)
        select f.organization_id, f.run_id, 1, f.append_id, o.format, o.events, o.written_at from filled f cross join one o;
      insert into audit_events (organization_id, id, occurred_at, type, action, result, actor_kind, actor_id, actor_label, network, resource_kind, resource_id, resource_name, content, salt)
        select f.organization_id, f.event_id, t.occurred_at, t.type, t.action, t.result, t.actor_kind, t.actor_id, t.actor_label, t.network, t.resource_kind, f.run_id, t.resource_name, t.content, t.salt from filled f cross join told t;
      insert into audit_leaves (organization_id, index, event_id, leaf, chain, sealed_at)
        select f.organization_id, f.n - 1, f.event_id, t.leaf, t.chain, t.sealed_at from filled f cross join told t;
      insert into audit_heads (organization_id, size, chain) select f.organization_id, ${runsEach}, t.chain from (select distinct organization_id from filled) f cross join told t;`);
  sql('reset session authorization; vacuum analyze;');
  console.log(`\n${sql('select count(*) from runs')} runs, ${sql('select count(*) from organizations')} organizations, ${sql('select pg_size_pretty(pg_database_size(current_database()))')}\n`);
  await measure('grown');
} finally {
  await server.stop();
}
