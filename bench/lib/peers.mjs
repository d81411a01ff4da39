// The peers, installed and driven by the scripts of the folder that FLUXGATE_PEERS names: each leaves its figures as
// JSON in RESULTS. Without that folder, or for a peer that is not installed, there is nothing to compare with.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const scripts = process.env.FLUXGATE_PEERS;
const installs = process.env.PEERS ?? path.join(os.homedir(), '.cache/fluxgate-peers');

export const peers = [
  { name: 'DBOS', script: 'bench_dbos.sh', folder: 'dbos', result: 'dbos', settings: {} },
  { name: 'Restate', script: 'bench_restate.sh', folder: 'restate', result: 'restate', settings: {} },
  { name: 'Node-RED', script: 'bench_nodered.sh', folder: 'nodered', result: 'nodered_function', settings: { MODE: 'function', COLD: '1' } },
  { name: 'n8n on PostgreSQL, default', script: 'bench_n8n.sh', folder: 'n8n', result: 'n8n_postgres', settings: { DB: 'postgres', TAG: 'postgres', COLD: '1' } },
  { name: 'n8n, legacy expressions', script: 'bench_n8n.sh', folder: 'n8n', result: 'n8n_postgres_legacy', settings: { DB: 'postgres', TAG: 'postgres_legacy', N8N_EXPRESSION_ENGINE: 'legacy', COLD: '1' } },
];

/** Peers whose check of an API key, one of a thousand in turn, is held against our gate. */
export const keyPeers = [
  { name: 'better-auth, keys on PostgreSQL', script: 'bench_betterauth.sh', folder: 'betterauth', result: 'betterauth_pg_rl1_database', settings: { DB: 'pg', STORE: 'database', SESSION: '0' } },
  { name: 'better-auth, keys in memory', script: 'bench_betterauth.sh', folder: 'betterauth', result: 'betterauth_pg_rl1_memory', settings: { DB: 'pg', STORE: 'memory', SESSION: '0' } },
];

/** Requests a second and milliseconds of one peer, by variant and number of connections; null if it is not there. */
export function measurePeer(peer, { seconds, repeats, variants = { plain: 'plain', call: 'http' } }) {
  if (!scripts || !fs.existsSync(path.join(installs, peer.folder))) return null;
  const results = fs.mkdtempSync(path.join(os.tmpdir(), 'fluxgate-peers-'));
  try {
    const { status } = spawnSync(path.join(scripts, peer.script), [], {
      env: { ...process.env, PEERS: installs, RESULTS: results, CONC: '1 64', DUR: String(seconds), REPS: String(repeats), RETRIES: '0', WAITQUIET: '5', ...peer.settings },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (status !== 0) throw new Error(`${peer.script} ended with ${status}.`);
    const read = variant => {
      const { median } = JSON.parse(fs.readFileSync(path.join(results, `${peer.result}.${variant}.json`), 'utf8'));
      return Object.fromEntries(Object.entries(median).map(([count, m]) => [count, {
        rate: { median: m.rps, min: m.rps_min, max: m.rps_max }, p50: { median: m.p50_ms }, p99: { median: m.p99_ms }, cpuPerRequest: m.cpu_ms_per_req,
      }]));
    };
    return Object.fromEntries(Object.entries(variants).map(([name, variant]) => [name, read(variant)]));
  } finally {
    fs.rmSync(results, { recursive: true, force: true });
  }
}
