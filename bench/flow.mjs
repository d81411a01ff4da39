// The common flow: a webhook, two fields computed, a condition, a JSON answer; the run is stored. The second variant
// calls a local service on the way.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { Fluxgate } from './lib/fluxgate.mjs';
import { load } from './lib/load.mjs';
import { stop } from './lib/process.mjs';

export const body = '{"n":7,"name":"ada"}';
const echo = { host: '127.0.0.2', port: 18090 };

const nodes = source => `
  - { id: compute, type: transform, settings: { output: { doubled: "{{ ${source}.n * 2 }}", greeting: "hello {{ ${source}.name }}" } } }
  - { id: large, type: condition, settings: { when: "{{ steps.compute.doubled > 5 }}" } }
  - { id: yes, type: respond, settings: { body: { ok: true, doubled: "{{ steps.compute.doubled }}", greeting: "{{ steps.compute.greeting }}" } } }
  - { id: no, type: respond, settings: { body: { ok: false, doubled: "{{ steps.compute.doubled }}" } } }
`;
const edges = `
  - { from: compute, to: large }
  - { from: large, port: "true", to: yes }
  - { from: large, port: "false", to: no }
`;

export const plain = path => `
format: 1
name: ${path}
trigger: { type: webhook, settings: { path: ${path}, auth: { type: none }, answer: respond } }
nodes:${nodes('trigger.body')}edges:${edges}`;

export const withCall = `
format: 1
name: call
trigger: { type: webhook, settings: { path: call, auth: { type: none }, answer: respond } }
nodes:
  - { id: ask, type: http, settings: { connector: echo, endpoint: echo, body: "{{ trigger.body }}" } }${nodes('steps.ask.body.echo')}edges:
  - { from: ask, to: compute }${edges}`;

/** A process of its own: the driver's waits for wrk. */
export function startEcho() {
  const service = spawn(process.execPath, [path.join(import.meta.dirname, 'lib/echo.mjs'), echo.host, String(echo.port)], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise(done => service.stdout.once('data', () => done(service)));
}

/** Load results of both variants by the number of connections. */
export async function measureFlow(options = {}) {
  const server = await Fluxgate.start();
  const service = await startEcho();
  try {
    await server.call('POST', '/connectors', {
      name: 'echo', base_url: `http://${echo.host}:${echo.port}`, endpoints: [{ name: 'echo', method: 'POST', path: '/echo', timeout_seconds: 10 }], authentication: { type: 'none' },
    });
    await server.publish(plain('plain'));
    await server.publish(withCall);
    const pids = { fluxgate: server.pid, postgresql: server.postgresPid };
    return {
      plain: await load(`${server.url}/hooks/bench/plain`, { body, pids, ...options }),
      call: await load(`${server.url}/hooks/bench/call`, { body, pids, ...options }),
    };
  } finally {
    await stop(service);
    await server.stop();
  }
}

if (process.argv[1] === import.meta.filename)
  console.log(JSON.stringify(await measureFlow({ repeats: Number(process.argv[2] ?? 5), seconds: Number(process.argv[3] ?? 5) }), null, 1));
