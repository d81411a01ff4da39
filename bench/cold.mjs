// Cold start: from the start of the process, on an existing database, to the first run answered. PostgreSQL's own start
// is a part of it.
import { Fluxgate } from './lib/fluxgate.mjs';
import { median } from './lib/load.mjs';
import { cpuSeconds, residentMegabytes, sleep, stop } from './lib/process.mjs';
import { body, plain } from './flow.mjs';

/** Milliseconds to the first answered run, CPU milliseconds until then, and megabytes at rest ten seconds later. */
export async function measureColdStart({ repeats = 5 } = {}) {
  const server = await Fluxgate.start();
  try {
    await server.publish(plain('plain'));
    const times = [];
    const ready = [];
    const cpu = [];
    let atRest = 0;
    for (let i = 0; i < repeats; i++) {
      await stop(server.process);
      await sleep(500);
      const began = performance.now();
      ready.push(await server.run());
      const answer = await fetch(`${server.url}/hooks/bench/plain`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
      if (!answer.ok) throw new Error(`The first run answered ${answer.status}.`);
      times.push(performance.now() - began);
      cpu.push(1000 * cpuSeconds(server.pid));
    }
    await sleep(10_000);
    atRest = residentMegabytes(server.pid);
    const of = values => ({ median: median(values), min: Math.min(...values), max: Math.max(...values) });
    return { ready: of(ready), firstRun: of(times), cpuMilliseconds: of(cpu), megabytesAtRest: atRest };
  } finally {
    await server.stop();
  }
}

if (process.argv[1] === import.meta.filename) console.log(JSON.stringify(await measureColdStart(), null, 1));
