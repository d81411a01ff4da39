// Memory under floods: runs that wait in the queue because those before them wait for a service, and large runs under way.
import http from 'node:http';
import fs from 'node:fs';
import { Fluxgate } from './lib/fluxgate.mjs';
import { residentMegabytes, sleep } from './lib/process.mjs';

const service = { host: '127.0.0.2', port: 18090 };
const queuedRuns = Number(process.env.BENCH_QUEUED ?? 100_000);
const largeRuns = Number(process.env.BENCH_LARGE ?? 200);

const calling = (path, before) => `
format: 1
name: ${path}
trigger: { type: webhook, settings: { path: ${path}, auth: { type: none } } }
nodes:
${before}
  - { id: ask, type: http, timeout: 30m, settings: { connector: held, endpoint: ask, body: 1 } }
edges: [${before && '{ from: t4, to: ask }, { from: t1, to: t2 }, { from: t2, to: t3 }, { from: t3, to: t4 }'}]
`;

/** Five texts of about a megabyte, none of which shares its memory with another. */
const large = calling('large', [1, 2, 3, 4].map(i => `  - { id: t${i}, type: transform, settings: { output: "{{ trigger.body.text + '${i}' }}" } }`).join('\n'));

/** Answers nobody before it is released. */
class HeldService {
  waiting = [];
  released = false;

  static start() {
    const held = new HeldService();
    held.server = http.createServer((request, response) => {
      request.resume();
      if (held.released) response.end('{}');
      else held.waiting.push(response);
    });
    return new Promise(done => held.server.listen(service.port, service.host, () => done(held)));
  }

  release() {
    this.released = true;
    for (const response of this.waiting.splice(0)) response.end('{}');
  }

  stop() {
    this.release();
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** Sends `count` requests over `connections`; throws unless each is taken. */
async function flood(url, body, count, connections) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const send = () => new Promise((done, fail) => {
    const request = http.request(url, { method: 'POST', agent, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } }, response => {
      response.resume();
      response.on('end', () => response.statusCode < 300 ? done() : fail(new Error(`${url} answered ${response.statusCode}.`)));
    });
    request.on('error', fail);
    request.end(body);
  });
  let left = count;
  await Promise.all(Array.from({ length: connections }, async () => { while (left-- > 0) await send(); }));
  agent.destroy();
}

/** The most that the process had resident since the last call. */
function peakMegabytes(pid) {
  const peak = Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
  fs.writeFileSync(`/proc/${pid}/clear_refs`, '5');
  return peak;
}

async function runsToday(server) {
  const usage = await server.call('GET', '/usage');
  return usage.quotas.find(q => q.quota === 'runs_a_day').used;
}

/** Waits until every run has ended. */
async function allEnded(server) {
  for (;;) {
    const waiting = await Promise.all(['queued', 'running'].map(status => server.call('GET', `/runs?status=${status}&limit=1`)));
    if (waiting.every(page => page.items.length === 0)) return;
    await sleep(500);
  }
}

/** A server at rest with the service that holds its callers, for one measurement. */
async function withServer(measure) {
  const server = await Fluxgate.start();
  const held = await HeldService.start();
  try {
    await server.call('POST', '/connectors', {
      name: 'held', base_url: `http://${service.host}:${service.port}`, endpoints: [{ name: 'ask', method: 'POST', path: '/ask', timeout_seconds: 300 }], authentication: { type: 'none' },
    });
    await server.publish(calling('held', ''));
    await server.publish(large);
    await sleep(5000);
    const atRest = residentMegabytes(server.pid);
    peakMegabytes(server.pid);
    return await measure(server, held, atRest);
  } finally {
    held.stop();
    await server.stop();
  }
}

/** Small runs of which the first wait for the service and the rest in the queue; megabytes resident at most. */
export const measureQueued = () => withServer(async (server, held, atRest) => {
  const began = performance.now();
  await flood(`${server.url}/hooks/bench/held`, '{"n":7}', queuedRuns, 64);
  const seconds = (performance.now() - began) / 1000;
  await sleep(3000);
  if (await runsToday(server) !== queuedRuns) throw new Error('Not all runs were taken.');
  return { runs: queuedRuns, atRest, peak: peakMegabytes(server.pid), perSecond: queuedRuns / seconds };
});

/** Runs of five megabytes: while those that fit wait for the service, and until all have ended. */
export const measureLarge = () => withServer(async (server, held, atRest) => {
  await flood(`${server.url}/hooks/bench/large`, JSON.stringify({ text: 'x'.repeat(950_000) }), largeRuns, 16);
  await sleep(5000);
  const peak = peakMegabytes(server.pid);
  held.release();
  await allEnded(server);
  return { runs: largeRuns, atRest, peak: Math.max(peak, peakMegabytes(server.pid)) };
});

if (process.argv[1] === import.meta.filename) console.log(JSON.stringify({ queued: await measureQueued(), large: await measureLarge() }, null, 1));
