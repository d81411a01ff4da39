// A Fluxgate server of its own, in its default configuration, with one organization and one API key.
import { spawn, execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { sleep, stop } from './process.mjs';

const root = path.resolve(import.meta.dirname, '../..');
export const executable = process.env.BENCH_EXECUTABLE ?? path.join(root, 'artifacts/fluxgate/fluxgate');

const scopes = ['workflows:read', 'workflows:write', 'workflows:publish', 'runs:read', 'runs:start', 'connectors:read', 'connectors:write', 'credentials:read', 'credentials:write', 'webhooks:read', 'webhooks:write', 'audit:read', 'organization:read', 'api_keys:read', 'api_keys:write'];

export const freePort = () => new Promise(done => {
  const server = net.createServer().listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => done(port)); });
});

export class Fluxgate {
  /** Starts on an empty data directory; `settings` are environment variables beside the necessary ones. */
  static async start({ settings = {} } = {}) {
    const server = new Fluxgate();
    server.directory = fs.mkdtempSync(path.join(os.tmpdir(), 'fluxgate-bench-'));
    server.port = await freePort();
    server.key = execFileSync(executable, ['new-api-key'], { encoding: 'utf8' }).trim();
    server.environment = {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('FLUXGATE_'))),
      FLUXGATE_PROFILE: 'development',
      FLUXGATE_DATA_DIRECTORY: server.directory,
      FLUXGATE_LISTEN: `http://127.0.0.1:${server.port}`,
      FLUXGATE_BOOTSTRAP__OWNER_EMAIL: 'owner@example.test',
      FLUXGATE_BOOTSTRAP__OWNER_PASSWORD: crypto.randomBytes(16).toString('hex'),
      FLUXGATE_BOOTSTRAP__ORGANIZATION_NAME: 'Bench',
      FLUXGATE_BOOTSTRAP__ORGANIZATION_SLUG: 'bench',
      FLUXGATE_BOOTSTRAP__API_KEY: server.key,
      ...Object.fromEntries(scopes.map((scope, i) => [`FLUXGATE_BOOTSTRAP__API_KEY_SCOPES__${i}`, scope])),
      FLUXGATE_EGRESS__ALLOW__0: '127.0.0.2/32:18090',
      // One address, one key and one organization send everything; what is measured is still counted.
      FLUXGATE_LIMITS__ANONYMOUS_A_MINUTE: '10000000',
      FLUXGATE_LIMITS__KEY_A_MINUTE: '10000000',
      FLUXGATE_LIMITS__ORGANIZATION_A_MINUTE: '10000000',
      ...settings,
    };
    server.startMilliseconds = await server.run();
    return server;
  }

  /** Starts the process again on the same directory; the milliseconds until it is ready. */
  async run() {
    const began = performance.now();
    const log = fs.openSync(path.join(this.directory, 'server.log'), 'a');
    this.process = spawn(executable, ['serve'], { env: this.environment, stdio: ['ignore', log, log] });
    fs.closeSync(log);
    while (performance.now() - began < 60_000) {
      if (this.process.exitCode !== null) break;
      const ready = await fetch(`${this.url}/health/ready`).then(r => r.ok, () => false);
      if (ready) return performance.now() - began;
      await sleep(5);
    }
    throw new Error(`The server did not start:\n${fs.readFileSync(path.join(this.directory, 'server.log'), 'utf8')}`);
  }

  get url() { return `http://127.0.0.1:${this.port}`; }

  get pid() { return this.process.pid; }

  /** The postmaster of the embedded cluster. */
  get postgresPid() {
    const home = fs.readFileSync(path.join(this.directory, 'cluster'), 'utf8').trim();
    return Number(fs.readFileSync(path.join(home, 'pgdata', 'postmaster.pid'), 'utf8').split('\n')[0]);
  }

  async call(method, route, body, headers = {}) {
    const answer = await fetch(`${this.url}/v1${route}`, {
      method,
      headers: { authorization: `Bearer ${this.key}`, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID(), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${route}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  async publish(document) {
    const workflow = await this.call('POST', '/workflows', { document, format: 'yaml' });
    await this.call('POST', `/workflows/${workflow.id}/publish`, undefined);
    return workflow.id;
  }

  async stop() {
    const home = fs.readFileSync(path.join(this.directory, 'cluster'), 'utf8').trim();
    await stop(this.process);
    for (const folder of [home, this.directory]) fs.rmSync(folder, { recursive: true, force: true });
  }
}
